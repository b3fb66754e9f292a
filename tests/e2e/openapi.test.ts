import { OPERATIONS, REVOKE_REASONS } from "@claviger/contract";
import type { Json } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, openStage, type Stage } from "../support/client.ts";

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: JsonObject }>>;
  readonly headers?: JsonObject;
}
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: JsonObject;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JsonObject }>>;
  };
  readonly responses: Readonly<Record<string, Response>>;
}
type JsonObject = { readonly [name: string]: Json };
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>>; readonly securitySchemes: JsonObject };
}

let stage: Stage;
let document: Document;
beforeAll(async () => {
  stage = await openStage();
  document = (await client(stage.app.url, null).get<Document>("/openapi.json")).body;
});
afterAll(() => stage.app.stop());

const described = (path: string, method: string) => document.paths[path]?.[method.toLowerCase()];
const entries = OPERATIONS.map((operation) => [operation.id, operation] as const);

function* visit(value: Json, path: string): Generator<readonly [string, JsonObject]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [path, value as JsonObject];
  for (const [name, inner] of Object.entries(value)) yield* visit(inner as Json, `${path}/${name}`);
}

test("the document says what it is, where it is served, and every operation once", () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info).toMatchObject({
    title: expect.stringMatching(/./),
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  expect(document.servers).toEqual([{ url: stage.app.url }]);
  const found = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => `${operation.operationId} ${method.toUpperCase()} ${path}`),
  );
  expect(found.toSorted()).toEqual(OPERATIONS.map(({ id, method, path }) => `${id} ${method} ${path}`).toSorted());
  expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
});

test("every reference leads somewhere inside the document, and every named schema is used", () => {
  const used = new Set<string>();
  for (const [path, node] of visit(document as unknown as Json, "#")) {
    if (typeof node.$ref !== "string") continue;
    expect(Object.keys(node), path).toEqual(["$ref"]);
    const [start, ...steps] = node.$ref.split("/");
    expect(start, path).toBe("#");
    let target: unknown = document;
    for (const step of steps)
      target = (target as Record<string, unknown> | undefined)?.[step.replaceAll("~1", "/").replaceAll("~0", "~")];
    expect(target, `${path} → ${node.$ref}`).toBeDefined();
    used.add(node.$ref);
  }
  for (const name of Object.keys(document.components.schemas)) expect(used).toContain(`#/components/schemas/${name}`);
});

test("schemas use what JSON Schema 2020-12 knows, and types that exist", () => {
  const types = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
  for (const [path, node] of visit(document as unknown as Json, "#")) {
    if (path.endsWith("/properties") || path.includes("/example")) continue;
    const { type } = node;
    if (path.includes("/schema") && typeof type === "string" && !path.includes("/securitySchemes"))
      expect(types, path).toContain(type);
    expect(node, path).not.toHaveProperty("nullable");
    if (typeof node.pattern === "string") expect(() => new RegExp(node.pattern as string, "u"), path).not.toThrow();
  }
});

describe("each operation", () => {
  test.each(entries)("%s: its parameters are those of its path and query", (_, { path, method, query }) => {
    const operation = described(path, method);
    const names = (place: string) =>
      operation?.parameters.filter((each) => each.in === place).map(({ name }) => name) ?? [];
    expect(names("path")).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    for (const each of operation?.parameters ?? []) if (each.in === "path") expect(each.required).toBe(true);
    expect(names("query").toSorted()).toEqual(Object.keys(query?.shape ?? {}).toSorted());
    expect(operation?.summary.length).toBeGreaterThan(5);
  });

  test.each(entries)(
    "%s: security says who may call it, and 401 and 403 are among its answers where somebody must",
    (_, operation) => {
      const { security, responses } = described(operation.path, operation.method) as Described;
      const schemes = security.flatMap((each) => Object.keys(each));
      expect(schemes.length).toBe(operation.access.kind === "public" ? 0 : 1);
      for (const scheme of schemes) expect(document.components.securitySchemes).toHaveProperty(scheme);
      const guarded = operation.access.kind !== "public";
      expect("401" in responses).toBe(guarded);
      if (operation.access.kind === "management") expect(responses).toHaveProperty("403");
    },
  );

  test.each(entries)("%s: every error it can answer is documented as a problem", (_, operation) => {
    const { responses } = described(operation.path, operation.method) as Described;
    const expected = new Set(["500"]);
    if (operation.access.kind !== "public") for (const status of ["400", "401", "503"]) expected.add(status);
    if (operation.body !== undefined) for (const status of ["400", "413", "415"]) expected.add(status);
    if (operation.method === "POST" && operation.audit.length > 0)
      for (const status of ["409", "422"]) expected.add(status);
    for (const status of expected) expect(Object.keys(responses), status).toContain(status);
    for (const [status, response] of Object.entries(responses)) {
      expect(response.description.length).toBeGreaterThan(0);
      if (Number(status) < 400) continue;
      expect(response.content?.["application/problem+json"]?.schema).toEqual({ $ref: "#/components/schemas/Problem" });
    }
  });

  test.each(entries)(
    "%s: its answers of success are documented with a schema, unless they have no body",
    (_, operation) => {
      const { responses } = described(operation.path, operation.method) as Described;
      const success = Object.entries(responses).filter(([status]) => Number(status) < 300);
      expect(success.map(([status]) => status)).toEqual(Object.keys(operation.responses));
      for (const [status, response] of success) {
        if (status === "204") expect(response.content).toBeUndefined();
        else expect(Object.values(response.content ?? {})[0]?.schema).toBeDefined();
      }
    },
  );
});

test("a POST that acts takes an Idempotency-Key, and nothing else does", () => {
  for (const operation of OPERATIONS) {
    const { parameters } = described(operation.path, operation.method) as Described;
    const takes = parameters.some(({ name, in: place }) => place === "header" && name === "Idempotency-Key");
    expect(takes, operation.id).toBe(operation.method === "POST" && operation.audit.length > 0);
  }
});

test("what an ETag is told of takes it in If-Match, and only that answers 412", () => {
  const told = OPERATIONS.filter(({ tag }) => tag === "gives");
  expect(told.map(({ id }) => id)).toEqual(["keys.get", "rotation.show"]);
  for (const operation of OPERATIONS) {
    const { parameters, responses } = described(operation.path, operation.method) as Described;
    const takes = parameters.some(({ name, in: place }) => place === "header" && name === "If-Match");
    expect(takes, operation.id).toBe(operation.tag === "takes");
    expect("412" in responses, operation.id).toBe(takes);
    const gives = Object.values(responses).some(({ headers }) => headers?.ETag !== undefined);
    expect(gives, operation.id).toBe(operation.tag === "gives");
  }
});

test("what a body may hold is spelled out: required fields, bounds, and that nothing else is taken", () => {
  const schema = described("/v1/keys", "POST")?.requestBody?.content["application/json"]?.schema as JsonObject;
  expect(schema.required).toEqual(expect.arrayContaining(["account", "label"]));
  expect(schema.additionalProperties).toBe(false);
  const label = (schema.properties as JsonObject).label as JsonObject;
  expect(label).toMatchObject({ type: "string", minLength: 1, maxLength: 100 });
  const revoke = described("/v1/keys/{id}/revoke", "POST")?.requestBody?.content["application/json"]
    ?.schema as JsonObject;
  expect(((revoke.properties as JsonObject).reason as JsonObject).enum).toEqual([...REVOKE_REASONS]);
});

test("no secret is a field of anything but the answers that issue one, or show one again", () => {
  const holders = [...visit(document as unknown as Json, "#")].filter(([, node]) => {
    const { properties } = node;
    if (typeof properties !== "object" || properties === null || !("secret" in properties)) return false;
    // A key that waits for approval says that it has none.
    return (properties.secret as { type?: unknown }).type !== "null";
  });
  expect(holders.map(([path]) => path)).toEqual([
    "#/paths//v1/keys/post/responses/201/content/application/json/schema",
    "#/paths//v1/keys/self/rotate/post/responses/201/content/application/json/schema",
    "#/paths//v1/keys/{id}/rotate/post/responses/201/content/application/json/schema",
    "#/paths//v1/keys/{id}/split/callers/{name}/key/post/responses/201/content/application/json/schema",
    "#/paths//v1/links/open/post/responses/200/content/application/json/schema",
    "#/paths//v1/keys/{id}/reveal/post/responses/200/content/application/json/schema",
    "#/paths//v1/hand-overs/{id}/claim/post/responses/200/content/application/json/schema",
    "#/paths//v1/approvals/{id}/claim/post/responses/201/content/application/json/schema",
    "#/components/schemas/WebhookWithSecret",
  ]);
  const issuing = [...visit(document as unknown as Json, "#")].filter(
    ([, { $ref }]) => $ref === "#/components/schemas/WebhookWithSecret",
  );
  expect(issuing.map(([path]) => path.split("/responses/")[0]).toSorted()).toEqual([
    "#/paths//v1/webhooks/{id}/put",
    "#/paths//v1/webhooks/{id}/put",
    "#/paths//v1/webhooks/{id}/rotate-secret/post",
  ]);
});
