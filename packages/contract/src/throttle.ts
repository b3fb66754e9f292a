/** A throttle: a lower limit of a key for a time. */
import { MAX_AMOUNT } from "@claviger/core";
import { z } from "zod";
import { prose, timeOut, timestamp } from "./common.ts";

const THROTTLE_PERS = ["second", "minute", "hour", "day"] as const;

/** A temporary limit beside all others that bind the key: at `until` it is over, with nobody doing anything. */
export const throttle = z
  .object({
    amount: z.number().int(),
    per: z.enum(THROTTLE_PERS),
    until: timeOut,
    reason: z.string(),
    since: timeOut,
  })
  .meta({ id: "KeyThrottle" });

/** Ninety days, in minutes. */
const LONGEST_THROTTLE = 129_600;
export const throttleBody = z
  .strictObject({
    amount: z.number().int().min(1).max(MAX_AMOUNT),
    per: z.enum(THROTTLE_PERS),
    until: timestamp.optional(),
    forMinutes: z.number().int().min(1).max(LONGEST_THROTTLE).optional(),
    reason: prose(500, 1),
  })
  .refine(({ until, forMinutes }) => (until === undefined) !== (forMinutes === undefined), {
    message: "give until or forMinutes, one of them",
    path: ["until"],
  });
