import { type Given, readAttribute, readResource } from "./read-user.ts";
import { scimFault } from "./scim-error.ts";
import { PATCH_SCHEMA } from "./scim-user.ts";

type Json = Readonly<Record<string, unknown>>;
const MOST_OPERATIONS = 100;
/** What may be taken away; to take away what a user must have is refused. */
const REMOVABLE: ReadonlySet<string> = new Set(["externalid", "name.givenname", "name.familyname"]);
const REQUIRED: ReadonlySet<string> = new Set(["username", "active", "emails", "id"]);

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The changes of a PATCH, as Entra, Okta and the standard have it; operations in any case. Throws invalidSyntax, invalidPath, invalidValue, mutability. */
export function readPatch(body: Json): Given {
  const { schemas, Operations: operations = body.operations } = body;
  if (!Array.isArray(schemas) || !schemas.includes(PATCH_SCHEMA))
    throw scimFault("invalidSyntax", `The schemas of a PATCH are ${PATCH_SCHEMA}.`);
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > MOST_OPERATIONS)
    throw scimFault("invalidSyntax", `Operations must be a list of 1 to ${MOST_OPERATIONS}.`);
  const given: Given = {};
  for (const operation of operations as readonly unknown[]) readOperation(operation, given);
  return given;
}

function readOperation(operation: unknown, given: Given): void {
  if (!isObject(operation) || typeof operation.op !== "string")
    throw scimFault("invalidSyntax", "Each of Operations needs an op.");
  const { path, value } = operation;
  if (path !== undefined && (typeof path !== "string" || path.length > 300))
    throw scimFault("invalidPath", "path must be text of at most 300 characters.");
  switch (operation.op.toLowerCase()) {
    case "add":
    case "replace":
      if (path !== undefined && path !== "") readAttribute(path, value, given);
      else if (isObject(value)) readResource(value, given);
      else throw scimFault("invalidValue", "Without a path, value must be an object of attributes.");
      return;
    case "remove":
      readRemoval(path, given);
      return;
    default:
      throw scimFault("invalidSyntax", "op must be add, replace or remove.");
  }
}

function readRemoval(path: string | undefined, given: Given): void {
  const name = path?.toLowerCase() ?? "";
  if (name === "") throw scimFault("invalidPath", "A removal needs a path.");
  if (REQUIRED.has(name)) throw scimFault("mutability", "What a user must have cannot be removed.");
  if (REMOVABLE.has(name)) readAttribute(name, null, given);
}
