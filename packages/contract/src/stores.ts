import { z } from "zod";
import { id, line, page, pageQuery, reference, slug, timeOut } from "./common.ts";
import { handOver, storePath } from "./hand-overs.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:stores:read" } as const;
const write = { kind: "management", scope: "claviger:stores:write" } as const;
const STORE_KINDS = ["vault", "aws-secrets-manager", "command"] as const;

/** What stands before every path of a store, such as `claviger/`. */
const pathPrefix = z
  .string()
  .max(200)
  .regex(/^([A-Za-z0-9_][A-Za-z0-9_.-]*\/)*$/, "must be empty, or segments that each end with a slash");
const mount = storePath.max(100);
/** Written once, never shown. Left out where a store is put again, it stays. */
const credential = line(8_000).optional();

const vault = z
  .strictObject({
    /** Of the server, such as `https://vault.example.com:8200`. */
    address: line(2_000),
    /** Where a KV engine of version 2 is mounted. */
    mount: mount.default("secret"),
    namespace: line(200).nullable().default(null),
    /** Of Vault. Give this or `appRole`. */
    token: credential,
    appRole: z.strictObject({ mount: mount.default("approle"), roleId: line(200), secretId: credential }).optional(),
  })
  .meta({ id: "VaultStore" });

const aws = z
  .strictObject({
    region: z.string().regex(/^[a-z]{2,3}(-[a-z]+){1,3}-\d$/, "must be a region such as eu-central-1"),
    /** Another address than that of the region. */
    endpoint: line(2_000).nullable().default(null),
    /** Encrypts what is created; that of the account where it is null. */
    kmsKeyId: line(2_048).nullable().default(null),
    accessKeyId: z.string().regex(/^\w{16,128}$/, "must be the id of an access key"),
    secretAccessKey: credential,
  })
  .meta({ id: "AwsSecretsManagerStore" });

const shape = {
  id: z.string(),
  kind: z.enum(STORE_KINDS),
  description: z.string().nullable(),
  pathPrefix: z.string(),
  /** Of the kind `vault`. */
  vault: z
    .object({
      ...{ address: z.string(), mount: z.string(), namespace: z.string().nullable() },
      auth: z.enum(["token", "approle"]),
      appRole: z.object({ mount: z.string(), roleId: z.string() }).nullable(),
    })
    .nullable(),
  /** Of the kind `aws-secrets-manager`. */
  aws: z
    .object({
      ...{ region: z.string(), endpoint: z.string().nullable(), kmsKeyId: z.string().nullable() },
      accessKeyId: z.string(),
    })
    .nullable(),
  /** Of the kind `command`: its name in `CLAVIGER_STORE_COMMANDS`. */
  command: z.string().nullable(),
  createdAt: timeOut,
  updatedAt: timeOut,
};
const store = z.object(shape).meta({ id: "Store" });
const params = z.object({ id: slug });

export const storeOperations = [
  operation({
    id: "stores.put",
    method: "PUT",
    path: "/v1/stores/{id}",
    summary: "Name a secret store to which secrets can be delivered",
    access: write,
    params,
    body: z
      .strictObject({
        description: line(200).nullable().default(null),
        pathPrefix: pathPrefix.default(""),
        vault: vault.optional(),
        aws: aws.optional(),
        /** A name that the service's own settings give a program; no program can be named here. */
        command: slug.optional(),
      })
      .refine(({ vault, aws, command }) => [vault, aws, command].filter((one) => one !== undefined).length === 1, {
        message: "give one of vault, aws and command",
      })
      .refine(({ vault }) => vault?.appRole === undefined || vault.token === undefined, {
        message: "give token or appRole, not both",
        path: ["vault", "appRole"],
      }),
    responses: {
      200: { description: "Replaced", schema: store },
      201: { description: "Created", schema: store },
    },
    errors: ["CONFLICT"],
    audit: ["store.created", "store.updated"],
    narrows: false,
  }),
  operation({
    id: "stores.get",
    method: "GET",
    path: "/v1/stores/{id}",
    summary: "One secret store, never what it is opened with",
    access: read,
    params,
    responses: { 200: { description: "The store", schema: store } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "stores.list",
    method: "GET",
    path: "/v1/stores",
    summary: "Secret stores, by id",
    access: read,
    query: z.strictObject({ ...pageQuery, kind: z.enum(STORE_KINDS).optional() }),
    responses: { 200: { description: "A page of stores", schema: page(store) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "stores.test",
    method: "POST",
    path: "/v1/stores/{id}/test",
    summary: "Write something that is no secret to `claviger-test` below the store's prefix, and read it back",
    access: write,
    params,
    responses: {
      200: {
        description: "What came of it",
        schema: z
          .object({
            ...{ store: z.string(), passed: z.boolean() },
            /** Whether what was read back is what was written; null for a command, which reads nothing. */
            readBack: z.boolean().nullable(),
            /** Null where it passed. */
            error: z.string().nullable(),
            ms: z.number().int(),
          })
          .meta({ id: "StoreTest" }),
      },
    },
    errors: ["NOT_FOUND"],
    audit: ["store.tested"],
    narrows: false,
  }),
  operation({
    id: "stores.delete",
    method: "DELETE",
    path: "/v1/stores/{id}",
    summary: "Forget a store to which nothing is on its way; what it holds stays there",
    access: write,
    params,
    responses: { 200: { description: "The store as it was", schema: store } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["store.deleted"],
    narrows: false,
  }),
] as const;

const keysRead = { kind: "management", scope: "claviger:keys:read" } as const;
const keysWrite = { kind: "management", scope: "claviger:keys:write" } as const;
const ofHandOver = z.object({ id: id("hov") });

export const handOverOperations = [
  operation({
    id: "hand-overs.list",
    method: "GET",
    path: "/v1/hand-overs",
    summary: "Secrets on their way to stores or waiting to be claimed, newest first; never the secrets",
    access: keysRead,
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      key: id("key").optional(),
      store: slug.optional(),
      state: handOver.shape.state.optional(),
    }),
    responses: { 200: { description: "A page of hand-overs", schema: page(handOver) } },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "hand-overs.get",
    method: "GET",
    path: "/v1/hand-overs/{id}",
    summary: "One hand-over, and what came of each attempt",
    access: keysRead,
    params: ofHandOver,
    responses: { 200: { description: "The hand-over", schema: handOver } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "hand-overs.claim",
    method: "POST",
    path: "/v1/hand-overs/{id}/claim",
    summary: "Take a secret that is offered: it is in this answer and nowhere else, once",
    access: keysWrite,
    params: ofHandOver,
    responses: {
      200: {
        description: "Claimed, for the only time",
        schema: z.object({ handOver, secret: z.string().nullable() }),
      },
    },
    errors: ["NOT_FOUND", "STATE_CONFLICT", "GRANT_EXCEEDED"],
    audit: ["hand-over.claimed"],
    narrows: false,
  }),
] as const;
