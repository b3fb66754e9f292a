import { PROBLEMS } from "@claviger/core";
import { z } from "zod";
import type { Operation, OperationResponse } from "./operation.ts";

const TITLE = "Claviger";
const ALWAYS = ["INTERNAL"] as const;
type JsonObject = Record<string, unknown>;

/** The OpenAPI 3.1 document of these operations. `serverUrl` is the address it is read from. */
export function openApiDocument(operations: readonly Operation[], serverUrl: string, version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = describe(operation);
    paths[operation.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: TITLE,
      version,
      description: "Issue, scope, verify, rotate, revoke and prove API keys.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        managementKey: { type: "http", scheme: "bearer", description: "A management key" },
        callerKey: { type: "http", scheme: "bearer", description: "The key the call is about" },
      },
    },
  };
}

/** Where zod puts what several named schemas share. */
const SHARED = "__shared";

function namedSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: reference,
    io: "output",
    unrepresentable: "any",
    override: (context) => dropSafeBounds(context.jsonSchema),
  });
  const shared = (schemas as Record<string, { $defs?: Record<string, JsonObject> }>)[SHARED]?.$defs ?? {};
  const clean: JsonObject = {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (name === SHARED) continue;
    const { $defs, ...rest } = strip(schema);
    const own = ($defs as Record<string, JsonObject> | undefined) ?? {};
    clean[name] = resolveDefinitions(rest, { ...shared, ...own });
  }
  return clean;
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

function strip(schema: object): JsonObject {
  const { $schema, $id, id, ...rest } = schema as JsonObject;
  return rest;
}

/** A schema inline; what has a name of its own becomes a reference. */
function toSchema(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const converted = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    reused: "inline",
    override: (context) => {
      dropSafeBounds(context.jsonSchema);
      const name = z.globalRegistry.get(context.zodSchema)?.id;
      if (name === undefined) return;
      for (const property of Object.keys(context.jsonSchema)) delete context.jsonSchema[property as never];
      context.jsonSchema.$ref = reference(name);
    },
  }) as JsonObject;
  const { $defs, ...rest } = strip(converted);
  return resolveDefinitions(rest, ($defs as Record<string, JsonObject> | undefined) ?? {}) as JsonObject;
}

/** zod bounds every integer by what a double holds exactly, which tells a reader nothing. */
function dropSafeBounds(schema: { minimum?: number | undefined; maximum?: number | undefined }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** How often a schema that contains itself is written out, before it ends in anything at all. */
const RECURSION = 2;

/** zod puts named and recursive parts into `$defs` beside the schema, where a reference from the document's root finds nothing. */
function resolveDefinitions(node: unknown, definitions: Readonly<Record<string, JsonObject>>, depth = 0): unknown {
  if (Array.isArray(node)) return node.map((item) => resolveDefinitions(item, definitions, depth));
  if (typeof node !== "object" || node === null) return node;
  const { $ref, ...rest } = node as JsonObject;
  const name = typeof $ref === "string" ? /#\/\$defs\/(.+)$/.exec($ref)?.[1] : undefined;
  if (name !== undefined) {
    const target = definitions[name];
    return target === undefined || depth >= RECURSION ? {} : resolveDefinitions(target, definitions, depth + 1);
  }
  const resolved: JsonObject = {};
  for (const [key, value] of Object.entries(rest)) resolved[key] = resolveDefinitions(value, definitions, depth);
  return $ref === undefined ? resolved : { ...resolved, $ref };
}

function describe(operation: Operation): JsonObject {
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.id.slice(0, operation.id.indexOf("."))],
    ...security(operation),
    parameters: parameters(operation),
    ...(operation.body === undefined ? {} : { requestBody: requestBody(operation.body) }),
    ...(operation.lines === undefined ? {} : { requestBody: streamBody(operation.lines) }),
    responses: responses(operation),
  };
}

function security(operation: Operation): JsonObject {
  const { access } = operation;
  if (access.kind === "public") return { security: [] };
  if (access.kind === "holder") return { security: [{ callerKey: [] }] };
  return { security: [{ managementKey: [] }], "x-required-scope": access.scope };
}

function parameters(operation: Operation): JsonObject[] {
  const fixed = (part: z.ZodObject | undefined, place: "path" | "query"): JsonObject[] =>
    Object.entries(part?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: place,
      required: place === "path" || !(schema as z.ZodType).safeParse(undefined).success,
      schema: toSchema(schema as z.ZodType, "input"),
    }));
  const header = (name: string, schema: JsonObject): JsonObject => ({ name, in: "header", required: false, schema });
  return [
    ...fixed(operation.params, "path"),
    ...fixed(operation.query, "query"),
    ...(operation.method === "POST" && operation.audit.length > 0
      ? [header("Idempotency-Key", { type: "string", minLength: 1, maxLength: 200 })]
      : []),
    ...(operation.tag === "takes" ? [header("If-Match", { type: "string" })] : []),
  ];
}

function requestBody(body: z.ZodType): JsonObject {
  return {
    required: !body.safeParse(undefined).success,
    content: { "application/json": { schema: toSchema(body, "input") } },
  };
}

/** Of a stream, the schema is that of one line. */
function streamBody({ schema, types }: NonNullable<Operation["lines"]>): JsonObject {
  return {
    required: true,
    content: Object.fromEntries(types.map((type) => [type, { schema: toSchema(schema, "input") }])),
  };
}

const ETAG = { ETag: { description: "For If-Match", required: true, schema: { type: "string" } } };

function responses(operation: Operation): JsonObject {
  const answers: JsonObject = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    answers[status] = { ...success(response), ...(operation.tag === "gives" ? { headers: ETAG } : {}) };
  }
  const codes = [...operation.errors, ...common(operation)];
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const status = PROBLEMS[code as keyof typeof PROBLEMS]?.status;
    if (status !== undefined) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const [status, names] of byStatus) {
    answers[String(status)] = {
      description: names.join(", "),
      content: { "application/problem+json": { schema: { $ref: reference("Problem") } } },
    };
  }
  return answers;
}

function success(response: OperationResponse): JsonObject {
  if (response.contentType !== undefined) {
    return { description: response.description, content: { [response.contentType]: { schema: { type: "string" } } } };
  }
  if (response.schema === undefined) return { description: response.description };
  return {
    description: response.description,
    content: { "application/json": { schema: toSchema(response.schema, "output") } },
  };
}

/** Problems that an operation can answer because of its form alone. */
function common(operation: Operation): string[] {
  const codes: string[] = [...ALWAYS];
  if (operation.access.kind !== "public")
    codes.push("UNAUTHENTICATED", "INVALID_TOKEN", "INSUFFICIENT_SCOPE", "TOO_MANY_ATTEMPTS", "UNAVAILABLE");
  if (operation.access.kind !== "public") codes.push("TWO_CREDENTIALS", "KEY_IN_QUERY");
  if (operation.method === "POST" && operation.audit.length > 0)
    codes.push("IDEMPOTENCY_KEY_REUSED", "IDEMPOTENCY_IN_PROGRESS");
  if (operation.body !== undefined || operation.query !== undefined || operation.params !== undefined)
    codes.push("VALIDATION_FAILED");
  if (operation.body !== undefined) codes.push("MALFORMED_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE");
  return codes;
}
