import { scimFault } from "./scim-error.ts";

/** One comparison; providers ask for no other before they create a user. */
export interface ScimFilter {
  readonly attribute: "userName" | "externalId" | "email" | "id";
  readonly value: string;
}

const COMPARISON = /^\s*([A-Za-z][\w:.$-]*(?:\[[^\]]{0,100}\])?(?:\.[A-Za-z]+)?)\s+eq\s+("(?:[^"\\]|\\.){0,800}")\s*$/i;
const ATTRIBUTES: Readonly<Record<string, ScimFilter["attribute"]>> = {
  username: "userName",
  externalid: "externalId",
  id: "id",
  emails: "email",
  "emails.value": "email",
  'emails[type eq "work"].value': "email",
};
const PREFIX = "urn:ietf:params:scim:schemas:core:2.0:user:";

/** `userName eq "ada@acme.example"`; names and operators in any case. Throws invalidFilter for any other. */
export function readFilter(text: string): ScimFilter {
  const found = COMPARISON.exec(text);
  const name = found?.[1]?.toLowerCase().replace(PREFIX, "") ?? "";
  const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined;
  if (attribute === undefined) throw scimFault("invalidFilter", `A filter is <attribute> eq "<value>", of ${KNOWN}.`);
  try {
    const value: unknown = JSON.parse(found?.[2] ?? "");
    if (typeof value === "string" && value.isWellFormed() && !value.includes("\u0000")) return { attribute, value };
  } catch {
    // Told below.
  }
  throw scimFault("invalidFilter", "The value of the filter is no JSON string.");
}

const KNOWN = "userName, externalId, emails.value and id";
