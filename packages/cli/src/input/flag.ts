/**
 * Flags made from the contract: every field of a body or query becomes one, so that a new field needs no work here.
 *
 * `text` one value · `integer` · `number` · `boolean` · `list` several texts, by commas or by repeating · `entries` several
 * objects, as JSON or in a short form · `pairs` an object, as JSON or `name=value` · `json` anything else
 */
import type { Operation } from "@claviger/contract";
import { isObject } from "./json-value.ts";

export type FlagKind = "text" | "integer" | "number" | "boolean" | "list" | "entries" | "pairs" | "json";

export interface Flag {
  /** As the contract names the field. */
  readonly field: string;
  /** As it is typed, with the dashes. */
  readonly name: string;
  readonly kind: FlagKind;
  readonly place: "body" | "query";
  readonly required: boolean;
  /** Whether the field can be taken away again, which `--no-<name>` says and `null` stands for. */
  readonly clearable: boolean;
  readonly choices: readonly string[] | null;
  /** What the service takes where the flag is left out, as JSON text. */
  readonly fallback: string | null;
  readonly description: string | null;
}

type Schema = Record<string, unknown>;

/** Flags that every command has, so that no field can take their names. */
const TAKEN = new Set([
  "all",
  "data",
  "help",
  "idempotency-key",
  "if-match",
  "json",
  "key-stdin",
  "url",
  "version",
  "yes",
]);

export function flagsOf(operation: Operation): readonly Flag[] {
  return [...partOf(operation, operation.query, "query"), ...partOf(operation, operation.body, "body")];
}

function partOf(operation: Operation, part: Operation["body"], place: Flag["place"]): Flag[] {
  if (part === undefined) return [];
  const schema: Schema = part.toJSONSchema({ io: "input", unrepresentable: "any" });
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const definitions = isObject(schema.$defs) ? schema.$defs : {};
  return Object.entries(properties).map(([field, value]) => {
    const given = resolve(value, definitions);
    const { inner, nullable } = withoutNull(given, definitions);
    return {
      ...{ field, place },
      // Where a thing is made or replaced, leaving the flag out says the same.
      clearable: nullable && operation.method === "PATCH",
      name: `--${flagName(operation, field)}`,
      kind: kindOf(inner, definitions),
      required: required.includes(field),
      choices: textsOf(inner.enum),
      fallback: given.default === undefined ? null : JSON.stringify(given.default),
      description: typeof given.description === "string" ? given.description : null,
    };
  });
}

/** `expiresAt` is `expires-at`; a field called like one of our own flags is preceded by its noun: `webhook-url`. */
function flagName(operation: Operation, field: string): string {
  const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return TAKEN.has(name) ? `${operation.id.split(".")[0]?.replace(/s$/, "")}-${name}` : name;
}

function resolve(value: unknown, definitions: Schema): Schema {
  if (!isObject(value)) return {};
  const name = typeof value.$ref === "string" ? value.$ref.replace("#/$defs/", "") : null;
  return name === null ? value : { ...resolve(definitions[name], definitions), ...value, $ref: undefined };
}

function withoutNull(schema: Schema, definitions: Schema): { readonly inner: Schema; readonly nullable: boolean } {
  const options = optionsOf(schema, definitions);
  const rest = options.filter((option) => option.type !== "null");
  const [only] = rest;
  if (rest.length === options.length) return { inner: schema, nullable: false };
  return { inner: rest.length === 1 && only !== undefined ? only : { ...schema, anyOf: rest }, nullable: true };
}

function optionsOf(schema: Schema, definitions: Schema): readonly Schema[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf.map((option) => resolve(option, definitions)) : [];
}

const SIMPLE: Readonly<Record<string, FlagKind>> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
  object: "pairs",
};

function kindOf(schema: Schema, definitions: Schema): FlagKind {
  if (Array.isArray(schema.enum)) return "text";
  if (schema.type === "array") return takesText(schema, definitions) ? "list" : "entries";
  const options = optionsOf(schema, definitions);
  if (options.some((option) => option.type === "array" && takesText(option, definitions))) return "list";
  return SIMPLE[String(schema.type)] ?? "json";
}

/** Whether the items of an array may be plain texts. */
function takesText(array: Schema, definitions: Schema): boolean {
  const items = resolve(array.items, definitions);
  return items.type === "string" || optionsOf(items, definitions).some((option) => option.type === "string");
}

function textsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
}
