import { checkLimits, containsKey, parseCidr } from "@claviger/core";
import { z } from "zod";

const ID_BODY = "[0-7][0-9A-HJKMNP-TV-Z]{25}";
// Control characters are refused in every text: PostgreSQL cannot hold NUL, and log lines must not be forged.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const METADATA_BYTES = 8192;

/** What is written down is seen by many, and a secret that was pasted into the wrong field would be seen with it. */
const NO_KEY = "must not hold an API key";
const holdsNoKey = (text: string): boolean => !containsKey(text);

/** Text that is kept, and so must hold no key. */
export function keyless<T extends z.ZodType<string>>(text: T): T {
  return text.refine(holdsNoKey, NO_KEY);
}

/** One line of text without control characters; surrounding white space is cut before the length is checked. */
export function anyLine(max: number, min = 1) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine(
      (text) => text.isWellFormed() && !CONTROL.test(text),
      "must be one line of text without control characters",
    );
}

/** The same, to be kept. */
export function line(max: number, min = 1) {
  return keyless(anyLine(max, min));
}

/** Text of several lines, to be kept. */
export function prose(max: number, min = 0) {
  const text = z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => text.isWellFormed() && !CONTROL_BUT_LINES.test(text), "must not hold control characters");
  return keyless(text);
}

/** An address for mail. */
export const mailAddress = keyless(z.email().max(254));

export type IdPrefix = "acct" | "apr" | "bulk" | "drl" | "evt" | "hov" | "imp" | "key" | "link" | "mem" | "svc";

/** `<type>_<26 characters>` as we make them. */
export function id(type: IdPrefix) {
  return z.string().regex(new RegExp(`^${type}_${ID_BODY}$`), `must be an id such as ${type}_01HZ…`);
}

/**
 * Our id, or the caller's own as `ext:<their id>` (1-200 characters, no control characters or white space at the ends).
 * `platform` is the reserved account of the management keys.
 */
export function reference(type: "acct" | "mem" | "svc") {
  return z
    .string()
    .max(204)
    .refine(
      (text) =>
        new RegExp(`^${type}_${ID_BODY}$`).test(text) || isExternal(text) || (type === "acct" && text === "platform"),
      `must be an id such as ${type}_01HZ… or ext:<your id>`,
    );
}

function isExternal(text: string): boolean {
  return /^ext:\S(.{0,198}\S)?$/.test(text) && text.isWellFormed() && !CONTROL.test(text) && holdsNoKey(text);
}

/** An address or a range of addresses. */
export const cidr = z
  .string()
  .max(49)
  .refine((text) => parseCidr(text) !== null, "must be an IPv4 or IPv6 address or CIDR range");

/** Names of environments, plans and teams. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "must be 1-63 of a-z, 0-9, - and _, and start with a letter or digit");

export const timestamp = z.iso.datetime({
  offset: true,
  error: "must be an RFC 3339 time such as 2026-01-31T09:00:00Z",
});
export const timeOut = z.string().meta({ format: "date-time" });

/** JSON that the platform attaches to a thing: at most 8 KiB, 5 levels, 50 keys a level. */
export const metadata = z.record(z.string().min(1).max(100), z.json()).superRefine((value, context) => {
  const problem = checkMetadata(value, 1);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
  else if (new TextEncoder().encode(JSON.stringify(value)).length > METADATA_BYTES) {
    context.addIssue({ code: "custom", message: "must be at most 8192 bytes of JSON" });
  }
});

function checkMetadata(value: unknown, depth: number): string | null {
  if (typeof value === "string") {
    if (!value.isWellFormed() || value.includes("\u0000")) return "must hold well-formed text without NUL";
    return holdsNoKey(value) ? null : NO_KEY;
  }
  if (typeof value !== "object" || value === null) return null;
  if (depth > 5) return "must be at most 5 levels deep";
  const entries = Object.entries(value);
  if (entries.length > 50) return "must hold at most 50 entries a level";
  for (const [key, inner] of entries) {
    const problem = checkMetadata(key, depth) ?? checkMetadata(inner, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

export const tier = z.enum(["read", "write", "admin"]);

const limit = z.strictObject({
  name: line(40),
  amount: z.number().int().min(1).max(1e12),
  per: z.enum(["second", "minute", "hour", "day", "month", "lifetime"]),
  shared: z.enum(["key", "account", "ip"]).optional(),
  refill: z.strictObject({ amount: z.number().int().min(1).max(1e12), every: z.enum(["day", "month"]) }).optional(),
});

/** Amounts per time; names are unique within one list. */
export const limits = z
  .array(limit)
  .max(20)
  .superRefine((list, context) => {
    for (const problem of checkLimits(list)) {
      context.addIssue({
        code: "custom",
        message: problem.message,
        path: problem.path.split(".").filter((part) => part !== ""),
      });
    }
  });

/** Holds the values of a row by which a list is sorted: of a route of 512 characters, at three bytes each, in base64. */
const LONGEST_CURSOR = 3_000;

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(LONGEST_CURSOR).optional(),
};

/** Yes or no in a query. */
export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");

export function page<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

/** In force everywhere: what the act that takes something away waited for. `null` where it only widened. */
export const effective = z
  .object({
    everywhere: z.boolean(),
    seq: z.number().int(),
    waitedMs: z.number(),
    nodes: z.number().int(),
    verifiers: z.number().int(),
    lapsed: z.array(z.string()),
  })
  .meta({ id: "Effective" });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });
