import { z } from "zod";
import { line, page, pageQuery, timeOut } from "./common.ts";
import { key, keyFilter, keySort, viewName } from "./keys.ts";
import { operation } from "./operation.ts";

/** Views that every platform has. No saved one can take their names. */
export const BUILT_IN_VIEWS = [
  "unused-30d",
  "unused-90d",
  "unused-180d",
  "never-used",
  "dormant",
  "accounts-over-10-keys",
  "over-10k-24h",
  "creator-inactive",
  "owner-inactive",
  "no-owner",
  "expiring-30d",
  "rotation-overdue",
  "never-expires",
  "dead-but-called",
  "used-from-browser",
  "shared-across-services",
  "admin-scope",
  "no-scope",
  "test-like-production",
] as const;
export type BuiltInView = (typeof BUILT_IN_VIEWS)[number];

const builtIn: ReadonlySet<string> = new Set(BUILT_IN_VIEWS);

export function isBuiltInView(name: string): name is BuiltInView {
  return builtIn.has(name);
}

const viewFilter = z.strictObject({ ...keyFilter, sort: keySort.optional() });
export type ViewFilter = z.output<typeof viewFilter>;

const savedView = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    filter: z.record(z.string(), z.string()),
    shared: z.boolean(),
    /** Whether webhooks are told when it gains rows. */
    notify: z.boolean(),
    /** Whether whoever asks keeps it. */
    mine: z.boolean(),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "SavedView" });

const listedView = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    builtIn: z.boolean(),
    rows: z.enum(["keys", "accounts"]),
    /** How many it has; null for a saved view that only its pages can tell. */
    total: z.number().int().nullable(),
    filter: z.record(z.string(), z.string()).nullable(),
    shared: z.boolean(),
    notify: z.boolean(),
    mine: z.boolean(),
  })
  .meta({ id: "View" });

/** Why a row is in the view: in words, and the figures in them. */
const reason = { why: z.string(), figures: z.record(z.string(), z.json()) };
const viewedKey = key.extend(reason).meta({ id: "ViewedKey" });
const viewedAccount = z
  .object({
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    plan: z.string().nullable(),
    status: z.enum(["active", "suspended"]),
    activeKeys: z.number().int(),
    ...reason,
  })
  .meta({ id: "ViewedAccount" });
const viewPage = page(z.union([viewedKey, viewedAccount])).extend({ total: z.number().int().nullable() });

const read = { kind: "management", scope: "claviger:keys:read" } as const;
const ownName = viewName.refine((name) => !isBuiltInView(name), "is the name of a built-in view");

export const viewOperations = [
  operation({
    id: "views.list",
    method: "GET",
    path: "/v1/views",
    summary: "Built-in views, then those you saved or others share, each with its number of rows",
    access: read,
    responses: { 200: { description: "All views, on one page", schema: page(listedView) } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "views.show",
    method: "GET",
    path: "/v1/views/{name}",
    summary: "Rows of a view, each with why it is there",
    access: read,
    params: z.object({ name: viewName }),
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of rows, and how many there are in all", schema: viewPage } },
    errors: ["NOT_FOUND", "INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "views.save",
    method: "PUT",
    path: "/v1/views/{name}",
    summary: "Keep a filter of keys as a view of yours; `shared` shows it to others",
    access: read,
    params: z.object({ name: ownName }),
    body: z.strictObject({
      description: line(200).nullable().optional(),
      filter: viewFilter,
      shared: z.boolean().default(false),
      notify: z.boolean().default(false),
    }),
    responses: {
      200: { description: "Replaced", schema: savedView },
      201: { description: "Saved", schema: savedView },
    },
    errors: ["CONFLICT"],
    audit: ["view.saved"],
    narrows: false,
  }),
  operation({
    id: "views.delete",
    method: "DELETE",
    path: "/v1/views/{name}",
    summary: "Forget a view that you saved",
    access: read,
    params: z.object({ name: viewName }),
    responses: { 200: { description: "What it was", schema: savedView } },
    errors: ["NOT_FOUND"],
    audit: ["view.deleted"],
    narrows: false,
  }),
] as const;
