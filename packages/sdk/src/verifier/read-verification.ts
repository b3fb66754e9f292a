import { REFUSAL_CODES, type RefusalCode } from "@claviger/core";
import type { RefusedKey, Verification, VerifiedKey } from "./verification.ts";

const CODES: ReadonlySet<unknown> = new Set(REFUSAL_CODES);

type Fields = Readonly<Record<string, unknown>>;

/**
 * An answer of `POST /v1/verify` as a verdict for one environment, or null for whatever is not one beyond doubt: a doubt refuses.
 * Members that are not known are dropped.
 */
export function readVerification(answer: unknown, environment: string): Verification | null {
  if (!isObject(answer)) return null;
  return answer.valid === true
    ? readAccepted(answer, environment)
    : answer.valid === false
      ? readRefused(answer)
      : null;
}

function readAccepted(answer: Fields, environment: string): VerifiedKey | null {
  const { code, checked, keyId, version, account, scopes, tier, expiresAt, retiresAt, limits, metadata, route } =
    answer;
  const sound =
    code === "VALID" &&
    (checked === "identity" || checked === "scopes" || checked === "route") &&
    isText(keyId) &&
    isText(account) &&
    answer.environment === environment &&
    Number.isInteger(version) &&
    isTexts(scopes) &&
    (tier === null || tier === "read" || tier === "write" || tier === "admin") &&
    (expiresAt === null || isText(expiresAt)) &&
    (retiresAt === undefined || isText(retiresAt)) &&
    isStandings(limits) &&
    isObject(metadata) &&
    (route === undefined || route === null || isText(route));
  if (!sound) return null;
  return Object.freeze({
    valid: true,
    ...{ code, checked, keyId, version: version as number, account, environment, scopes, tier, expiresAt },
    ...(retiresAt === undefined ? {} : { retiresAt }),
    ...{ limits, metadata },
    ...(route === undefined ? {} : { route }),
  });
}

function readRefused(answer: Fields): RefusedKey | null {
  const { code, keyId, account, environment, missing, route, limits, retryAfterMs } = answer;
  if (!CODES.has(code)) return null;
  return Object.freeze({
    valid: false,
    code: code as RefusalCode,
    ...(isText(keyId) ? { keyId } : {}),
    ...(isText(account) ? { account } : {}),
    ...(isText(environment) ? { environment } : {}),
    ...(isTexts(missing) ? { missing } : {}),
    ...(route === null || isText(route) ? { route } : {}),
    ...(isStandings(limits) ? { limits } : {}),
    ...(retryAfterMs === null || typeof retryAfterMs === "number" ? { retryAfterMs } : {}),
  });
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

const PER: ReadonlySet<unknown> = new Set(["second", "minute", "hour", "day", "month", "lifetime"]);

function isStandings(value: unknown): value is VerifiedKey["limits"] {
  return (
    Array.isArray(value) &&
    value.every(
      (limit: unknown) =>
        isObject(limit) &&
        isText(limit.name) &&
        PER.has(limit.per) &&
        Number.isInteger(limit.limit) &&
        Number.isInteger(limit.remaining) &&
        (limit.resetAt === null || isText(limit.resetAt)),
    )
  );
}
