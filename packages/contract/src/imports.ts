import { containsKey, FOREIGN_KEY_LENGTH, parseKey } from "@claviger/core";
import { z } from "zod";
import { flag, id, line, page, pageQuery, reference, slug, timeOut, timestamp } from "./common.ts";
import { createKeyShape, grantsSomething, ONE_EXPIRY, oneExpiry } from "./keys.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:keys:read" } as const;
const write = { kind: "management", scope: "claviger:keys:write" } as const;
const whole = z.number().int();

const plainKey = z
  .string()
  .min(FOREIGN_KEY_LENGTH.least)
  .max(FOREIGN_KEY_LENGTH.most)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")
  .refine((text) => parseKey(text).ok || !containsKey(text), "must be a key, and hold no other");
const sha256 = z
  .string()
  .regex(
    /^([0-9a-fA-F]{64}|[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]=?|[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?)$/,
    "must be a SHA-256 in hexadecimal, base64url or base64",
  );

/** One line: what a new key is described by, and the key as it is, plain or as its SHA-256. */
export const importLine = z
  .strictObject({
    ...createKeyShape,
    account: reference("acct").optional(),
    key: plainKey.optional(),
    sha256: sha256.optional(),
    /** What lists show of it, where only its SHA-256 is known. */
    preview: line(24).optional(),
    /** When it was made; not in the future. */
    createdAt: timestamp.optional(),
  })
  .refine(grantsSomething, { message: "name a tier or at least one scope", path: ["scopes"] })
  .refine(oneExpiry, ONE_EXPIRY)
  .refine((value) => (value.key === undefined) !== (value.sha256 === undefined), {
    message: "give the key or its sha256",
    path: ["key"],
  })
  .refine((value) => value.preview === undefined || value.key === undefined, {
    message: "is made from the key",
    path: ["preview"],
  });

/**
 * What the import hook answers about a key: that it is no key, or no longer; or what is imported of it, as the line of an import says it.
 */
export const importHookAnswer = z.discriminatedUnion("known", [
  z.strictObject({ known: z.literal(false) }),
  z.strictObject({
    known: z.literal(true),
    key: z
      .strictObject({ ...createKeyShape, createdAt: timestamp.optional() })
      .refine(grantsSomething, { message: "name a tier or at least one scope", path: ["scopes"] })
      .refine(oneExpiry, ONE_EXPIRY),
  }),
]);

/** An import by our id, or by the name that it was given, preferably by the asking key, as `ext:<its Idempotency-Key>`. */
const importReference = z
  .string()
  .max(204)
  .refine(
    (text) => id("imp").safeParse(text).success || /^ext:[\x21-\x7e]{1,200}$/.test(text),
    "must be an id such as imp_01HZ… or ext:<its Idempotency-Key>",
  )
  .refine((text) => !containsKey(text), "must not hold an API key");

const importError = z.object({
  line: whole,
  /** Of the field; empty for the line as a whole. */
  path: z.string(),
  message: z.string(),
});

const keyImport = z
  .object({
    /** Null for a trial. */
    id: z.string().nullable(),
    state: z.enum(["open", "done"]),
    dryRun: z.boolean(),
    /** So many lines are dealt with: whoever goes on sends the next one. */
    lines: whole,
    imported: whole,
    /** Lines of keys that were imported before. */
    known: whole,
    failed: whole,
    /** The first hundred faults; of an import, the first ten thousand can be listed. */
    errors: z.array(importError),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "KeyImport" });

export const importOperations = [
  operation({
    id: "imports.import",
    method: "POST",
    path: "/v1/imports",
    summary:
      "Import keys from elsewhere, which go on working as they are; or go on with an import of the same Idempotency-Key",
    access: write,
    query: z.strictObject({
      /** For lines that name none. */
      account: reference("acct").optional(),
      environment: slug.optional(),
      /** The number of the first line that is sent. */
      fromLine: z.coerce.number().int().min(1).max(1e9).default(1),
      /** More is sent later. */
      more: flag,
      /** Says what would become of each line, and imports nothing. */
      dryRun: flag,
    }),
    lines: { schema: importLine, types: ["application/x-ndjson", "text/csv"] },
    responses: { 200: { description: "What became of the lines", schema: keyImport } },
    errors: ["PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"],
    audit: ["key.imported", "keys.imported"],
    narrows: false,
  }),
  operation({
    id: "imports.list",
    method: "GET",
    path: "/v1/imports",
    summary: "Imports, newest first",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of them, without their faults", schema: page(keyImport) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "imports.get",
    method: "GET",
    path: "/v1/imports/{id}",
    summary: "How far an import is",
    access: read,
    params: z.object({ id: importReference }),
    responses: { 200: { description: "The import", schema: keyImport } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "imports.errors",
    method: "GET",
    path: "/v1/imports/{id}/errors",
    summary: "Lines of an import that are no keys now, and why",
    access: read,
    params: z.object({ id: importReference }),
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of faults, by line", schema: page(importError) } },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
] as const;
