/** What providers send, in all its shapes, as attributes: pure. What is not known is left aside. */

import { scimFault } from "./scim-error.ts";
import type { ScimAttributes } from "./scim-user.ts";

/** Attributes that are given; not yet checked for their form. */
export type Given = { -readonly [A in keyof ScimAttributes]?: unknown } & {
  displayName?: unknown;
  formatted?: unknown;
};

type Json = Readonly<Record<string, unknown>>;
const ROLES: ReadonlySet<unknown> = new Set(["owner", "admin", "developer", "viewer"]);
const PREFIX = "urn:ietf:params:scim:schemas:core:2.0:user:";

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A whole user, or the value of a PATCH without a path: names in any case, also dotted ones, as Entra sends them. */
export function readResource(resource: Json, given: Given = {}): Given {
  for (const [name, value] of Object.entries(resource)) readAttribute(name, value, given);
  return given;
}

/** One attribute by its path, such as `name.givenName` or `emails[type eq "work"].value`. */
export function readAttribute(path: string, value: unknown, given: Given): void {
  const name = path.toLowerCase().replace(PREFIX, "").replaceAll(/\s+/g, " ");
  switch (name) {
    case "username":
      given.userName = value;
      return;
    case "externalid":
      given.externalId = value;
      return;
    case "displayname":
      given.displayName = value;
      return;
    case "name.formatted":
      given.formatted = value;
      return;
    case "name.givenname":
      given.givenName = value;
      return;
    case "name.familyname":
      given.familyName = value;
      return;
    case "active":
      given.active = readActive(value);
      return;
    case "name":
      if (isObject(value)) for (const [part, text] of Object.entries(value)) readAttribute(`name.${part}`, text, given);
      return;
    default:
      readMany(name, value, given);
  }
}

/** `emails` and `roles`, whole or the value of one of them. */
function readMany(name: string, value: unknown, given: Given): void {
  const found = /^(emails|roles)(\[([^\]]*)\])?(\.value)?$/.exec(name);
  if (found === null) return;
  const [, list, , filter] = found;
  // Other addresses than that at work, and the primary one, are none of ours.
  if (list === "emails" && filter !== undefined && !/^(type eq "work"|primary eq "?true"?)$/.test(filter)) return;
  const first = firstValue(value);
  if (first === undefined) return;
  if (list === "emails") given.email = first;
  else if (ROLES.has(first)) given.role = first;
}

/** Of a list the primary one, or the first; of one that is given as text, or as an object, its value. */
function firstValue(value: unknown): unknown {
  if (!Array.isArray(value)) return isObject(value) ? value.value : value;
  const primary = value.find((each: unknown) => isObject(each) && isTrue(each.primary)) ?? value[0];
  return isObject(primary) ? primary.value : primary;
}

const isTrue = (value: unknown): boolean => value === true || (typeof value === "string" && /^true$/i.test(value));

/** Entra's older shape sends `"False"`. Anything else is refused: who is not deactivated by mistake would go on. */
function readActive(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  const text = firstValue(value);
  if (typeof text === "boolean") return text;
  if (typeof text === "string" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  throw scimFault("invalidValue", "active must be true or false.");
}

/** What is given over what was known; a name in one piece goes before its parts. */
export function merged(known: Partial<ScimAttributes>, given: Given): Record<keyof ScimAttributes, unknown> {
  const { displayName, formatted, ...plain } = given;
  const all = {
    externalId: null,
    givenName: null,
    familyName: null,
    role: "developer",
    active: true,
    ...known,
    ...plain,
  };
  const parts = [all.givenName, all.familyName].filter((part) => typeof part === "string" && part !== "").join(" ");
  const partsGiven = given.givenName !== undefined || given.familyName !== undefined;
  const told = firstText(displayName, formatted, partsGiven ? parts : undefined, known.name, parts, all.userName);
  const email = all.email ?? all.userName;
  return { ...all, name: told, email } as Record<keyof ScimAttributes, unknown>;
}

function firstText(...texts: readonly unknown[]): unknown {
  return texts.find((text) => typeof text === "string" && text.trim() !== "") ?? "";
}
