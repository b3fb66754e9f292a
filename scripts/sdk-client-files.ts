import { type Operation, openApiDocument } from "@claviger/contract";
import openapiTS, { astToString } from "openapi-typescript";

/** A file of the SDK that is made from the contract: its path from the root, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const FOLDER = "packages/sdk/src/generated";
const HEAD = "// Written by `node scripts/sdk-client.ts` from the contract.\n";

/** The types of the OpenAPI document, and the operations of the client as table and as interface. */
export async function sdkClientFiles(operations: readonly Operation[]): Promise<readonly GeneratedFile[]> {
  const document = openApiDocument(operations, "/", "0");
  const nodes = await openapiTS(document as unknown as Parameters<typeof openapiTS>[0], {
    // What has a default may be left out.
    defaultNonNullable: false,
    immutable: true,
  });
  return [
    { path: `${FOLDER}/schema.ts`, text: HEAD + astToString(nodes) },
    { path: `${FOLDER}/operations.ts`, text: HEAD + operationsFile(operations) },
  ];
}

function operationsFile(operations: readonly Operation[]): string {
  const nouns = [...Map.groupBy(operations, ({ id }) => id.split(".")[0] ?? "")];
  const imports =
    'import type { ActOptions, Authorized, CallOptions, ConditionalOptions, Described, ProxiedRequest } from "../client/call.ts";\n' +
    'import type { Pages } from "../client/pages.ts";\n' +
    'import type { Body, Item, Lines, Query, Result } from "../client/shapes.ts";\n';
  const interfaces = nouns.map(
    ([noun, group]) => `\nexport interface ${typeName(noun)} {\n${group.map(method).join("\n")}\n}\n`,
  );
  const all = nouns.map(([noun]) => `  readonly ${camel(noun)}: ${typeName(noun)};`).join("\n");
  const table = nouns.map(([noun, group]) => `  ${camel(noun)}: {\n${group.map(entry).join("\n")}\n  },`).join("\n");
  return `${imports}${interfaces.join("")}
/** Every operation of the contract, as \`<noun>.<verb>\`. */
export interface Operations {
${all}
}

export const OPERATIONS = {
${table}
} as const satisfies Readonly<Record<keyof Operations, Readonly<Record<string, Described>>>>;
`;
}

function method(operation: Operation): string {
  const { id, summary } = operation;
  return `  /** ${summary}. \`${operation.method} ${operation.path}\` */\n  ${camel(verbOf(id))}(${argumentsOf(operation)}): ${answerOf(operation)};`;
}

function argumentsOf(operation: Operation): string {
  const { id, body, lines, query, access } = operation;
  const list = access.kind === "holder" ? ["secret: string"] : isForProxies(id) ? ["request: ProxiedRequest"] : [];
  list.push(...paramsOf(operation).map((name) => `${name}: string`));
  if (lines !== undefined) list.push(`lines: Lines<"${id}">`);
  if (body !== undefined) list.push(`body${body.safeParse(undefined).success ? "?" : ""}: Body<"${id}">`);
  if (query !== undefined) list.push(`query${query.safeParse({}).success ? "?" : ""}: Query<"${id}">`);
  list.push(`options?: ${optionsOf(operation)}`);
  return list.join(", ");
}

function optionsOf(operation: Operation): string {
  if (operation.tag === "takes") return "ConditionalOptions";
  return takesIdempotencyKey(operation) ? "ActOptions" : "CallOptions";
}

function answerOf(operation: Operation): string {
  const { id } = operation;
  if (isForProxies(id)) return "Promise<Authorized>";
  return isList(operation) ? `Pages<Item<"${id}">>` : `Promise<Result<"${id}">>`;
}

function entry(operation: Operation): string {
  const { id, path, body, lines, query, access } = operation;
  const described = {
    id,
    method: operation.method,
    path,
    caller: isForProxies(id) ? "proxy" : access.kind,
    params: paramsOf(operation),
    takesBody: body !== undefined || lines !== undefined,
    ...(lines === undefined ? {} : { takesLines: true }),
    takesQuery: query !== undefined,
    takesIdempotencyKey: takesIdempotencyKey(operation),
    ...(operation.tag === "takes" ? { takesIfMatch: true } : {}),
    answers: isList(operation) ? "pages" : kindOfAnswer(operation),
  };
  return `    ${camel(verbOf(id))}: ${JSON.stringify(described)},`;
}

function kindOfAnswer({ responses }: Operation): "json" | "text" | "bytes" {
  const [type] = Object.values(responses).flatMap(({ contentType }) => contentType ?? []);
  if (type === undefined) return "json";
  return type.startsWith("text/") ? "text" : "bytes";
}

/** The answer of a proxy's question is in headers, and the question is too. */
const isForProxies = (id: string): boolean => id.startsWith("verification.authorize");

function isList({ responses, query }: Operation): boolean {
  const shape = responses[200]?.schema;
  const members = shape !== undefined && "shape" in shape ? Object.keys(shape.shape as object) : [];
  return members.includes("nextCursor") && query !== undefined && "cursor" in query.shape;
}

/** As the OpenAPI document has it. */
const takesIdempotencyKey = ({ method, audit }: Operation): boolean => method === "POST" && audit.length > 0;
const paramsOf = ({ path }: Operation): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
const verbOf = (id: string): string => id.slice(id.indexOf(".") + 1);
const camel = (word: string): string => word.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const typeName = (noun: string): string => `${noun[0]?.toUpperCase()}${camel(noun).slice(1)}Operations`;
