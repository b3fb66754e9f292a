/** Fields that keys are made, changed and looked for by. */
import { checkGrantedScope, checkReferrerPattern } from "@claviger/core";
import { z } from "zod";
import { keyless, line, reference } from "./common.ts";

/** Scopes of management keys are checked against their own fixed catalogue when the key is made. */
function isManagementName(name: string): boolean {
  return name === "verify" || /^claviger:([a-z-]+:)?([a-z-]+|\*)$/.test(name);
}

export const grantedScope = z.string().superRefine((name, context) => {
  const fault = isManagementName(name) ? null : checkGrantedScope(name);
  if (fault !== null) context.addIssue({ code: "custom", message: fault });
});
export const referrer = keyless(z.string().max(300)).refine(
  (text) => checkReferrerPattern(text) === null,
  "must be an origin such as https://app.example.com or https://*.example.com",
);
export const ownerReference = z
  .string()
  .max(204)
  .refine(
    (text) => /^team:[a-z0-9][a-z0-9_-]{0,62}$/.test(text) || reference("mem").safeParse(text).success,
    "must be a member (mem_… or ext:<your id>) or team:<name>",
  );
export const creatorReference = z
  .string()
  .max(204)
  .refine(
    (text) => /^key_[0-9A-Za-z]{1,60}$/.test(text) || reference("mem").safeParse(text).success,
    "must be a member (mem_… or ext:<your id>) or a management key (key_…)",
  );
export const criticality = z.enum(["low", "medium", "high", "critical"]);
export const dependant = z.union([line(200), z.strictObject({ name: line(200), contact: line(254).optional() })]);
export const webAddress = line(500).pipe(z.url({ protocol: /^https?$/ }));
