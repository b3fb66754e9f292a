import { z } from "zod";
import { slug, timeOut } from "./common.ts";

const HAND_OVER_STATES = ["waiting", "delivered", "offered", "claimed", "failed", "expired", "void"] as const;

/** Segments of letters, digits, `_`, `.` and `-`, with slashes between them. */
export const storePath = z
  .string()
  .max(300)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/, "must be a path such as billing/api-key");

/** The secret goes there, and not into the answer: to a store, or to whoever claims it, once, within 7 days. */
export const deliverTo = z
  .union([z.strictObject({ store: slug, path: storePath }), z.strictObject({ offer: z.literal(true) })])
  .meta({ id: "DeliverTo" });

/** A secret is handed over in one way. */
export const ONE_WAY = { message: "give link or deliverTo, not both", path: ["deliverTo"] };
export const oneWay = ({ link, deliverTo: to }: { link?: unknown; deliverTo?: unknown }): boolean =>
  link === undefined || to === undefined;

export const handOver = z
  .object({
    id: z.string(),
    account: z.string(),
    key: z.string(),
    version: z.number().int(),
    /** To which it goes; null where it is offered from the start. */
    store: z.string().nullable(),
    path: z.string().nullable(),
    /**
     * `waiting`: on its way. `offered`: to be claimed, once; the store did not take it in time, or there is none. `failed`: the store did not
     * take it, and its version has ended. `expired`: nobody claimed it. `void`: its key or version had ended.
     */
    state: z.enum(HAND_OVER_STATES),
    tries: z.number().int(),
    /** The latest, 10 at most. `error` is null where the store took it. */
    attempts: z.array(z.object({ at: timeOut, error: z.string().nullable(), ms: z.number().int() })),
    createdBy: z.string(),
    createdAt: timeOut,
    /** When it is tried next; null where it is not. */
    dueAt: timeOut.nullable(),
    /** When trying, or offering, ends. */
    deadline: timeOut,
    endedAt: timeOut.nullable(),
  })
  .meta({ id: "HandOver" });
