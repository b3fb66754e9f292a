import { MAX_LIMITS } from "../limits/limit.ts";
import type { ResolvedLimit } from "../limits/resolve-limits.ts";
import { TIERS } from "../scopes/tier.ts";
import type { KeyRecord } from "../verdict/verdict.ts";
import type { CatalogueSource, VerifierEntry } from "./wire.ts";
import { WIRE_LIMITS } from "./wire.ts";
import type { Fields } from "./wire-fields.ts";

const NAME = 200;
/** Far above what the API lets anybody store; they keep a broken peer from filling the memory. */
const LIST = 1_000;
const VERSIONS = 16;
const SCOPES = 20_000;
const ROUTES = 100_000;
/** Limits of key, plan and environment together, and a throttle. */
const LIMITS = 3 * MAX_LIMITS + 1;

const [READ = "read", ...HIGHER] = TIERS;

/** A record with what goes with it. */
export function readEntry(fields: Fields): VerifierEntry {
  return {
    record: readRecord(fields.object("record")),
    version: fields.whole("version"),
    accountExternalId: fields.textOrNull("accountExternalId", NAME),
    limits: fields.objects("limits", LIMITS, readLimit),
    conditions: fields.texts("conditions", 200, 64),
  };
}

function readRecord(fields: Fields): KeyRecord {
  return {
    keyId: fields.text("keyId", NAME, undefined, 1),
    account: fields.text("account", NAME, undefined, 1),
    environment: fields.text("environment", NAME, undefined, 1),
    state: fields.oneOf("state", ["revoked", "suspended", "active"]),
    accountState: fields.oneOf("accountState", ["suspended", "active"]),
    expiresAt: fields.timeOrNull("expiresAt"),
    tier: fields.isNull("tier") ? null : fields.oneOf("tier", [READ, ...HIGHER]),
    scopes: fields.texts("scopes", LIST, NAME),
    versions: fields.objects("versions", VERSIONS, (version) => ({
      version: version.whole("version"),
      state: version.oneOf("state", ["ended", "active"]),
      expiresAt: version.timeOrNull("expiresAt"),
    })),
    allowedIps: fields.texts("allowedIps", LIST, 100),
    allowedReferrers: fields.texts("allowedReferrers", LIST, 400),
    audiences: fields.texts("audiences", LIST, NAME),
    metadata: fields.bodyObject("metadata"),
    subjects: fields.texts("subjects", LIST, WIRE_LIMITS.subjectLength),
  };
}

function readLimit(fields: Fields): ResolvedLimit {
  return {
    name: fields.text("name", 40, undefined, 1),
    key: fields.text("key", NAME, undefined, 1),
    amount: fields.whole("amount"),
    per: fields.oneOf("per", ["second", "minute", "hour", "day", "month", "lifetime"]),
    refill: fields.isNull("refill") ? null : readRefill(fields.object("refill")),
    counter: fields.text("counter", 600, undefined, 1),
    perSource: fields.textOrNull("perSource", NAME),
    ...(fields.isAbsent("until") ? {} : { until: fields.time("until") }),
  };
}

function readRefill(fields: Fields): NonNullable<ResolvedLimit["refill"]> {
  return { amount: fields.whole("amount"), every: fields.oneOf("every", ["day", "month"]) };
}

export function readCatalogue(fields: Fields): CatalogueSource {
  return {
    scopes: fields.objects("scopes", SCOPES, (scope) => ({
      name: scope.text("name", NAME, undefined, 1),
      tier: scope.oneOf("tier", [READ, ...HIGHER]),
      sensitive: scope.flag("sensitive"),
    })),
    routes: fields.objects("routes", ROUTES, (route) => ({
      method: route.text("method", 20, undefined, 1),
      path: route.text("path", 1_000, undefined, 1),
      scope: route.text("scope", NAME, undefined, 1),
    })),
    unmapped: fields.oneOf("unmapped", ["refuse", "allow"]),
  };
}
