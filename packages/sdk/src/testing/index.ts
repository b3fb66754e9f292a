import {
  type Catalogue,
  compileCatalogue,
  decide,
  expandScopes,
  parseKey,
  retirementOf,
  type Tier,
} from "@claviger/core";
import { systemClock } from "../clock.ts";
import { thisPlatform } from "../verifier/platform.ts";
import { refusedAs, type Verification, type VerificationRequest } from "../verifier/verification.ts";
import type { Verifier } from "../verifier/verifier.ts";
import { recordOf, type TestKey } from "./test-key.ts";

export type { TestKey } from "./test-key.ts";

export interface TestVerifierOptions {
  /** What exists, by what is presented. There is no key that is not named here, and every name begins with `test_`. */
  readonly keys: Readonly<Record<string, TestKey>>;
  /** The platform's scopes with the routes they open, as `PUT /v1/scopes/{name}` takes them. Default none. */
  readonly scopes?: Readonly<Record<string, TestScope>> | undefined;
  /** Default `test`. */
  readonly environment?: string | undefined;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: (() => number) | undefined;
}

export interface TestScope {
  readonly tier: Tier;
  readonly sensitive?: boolean | undefined;
  readonly routes?: readonly { readonly method: string; readonly path: string }[] | undefined;
}

export interface TestVerifier extends Verifier {
  readonly mode: "test";
  /** Whether all is refused as UNAVAILABLE, as in an outage. */
  unavailable: boolean;
  /** What was asked so far. */
  readonly asked: readonly VerificationRequest[];
  /** Puts a key, or changes it: revoked, for instance. */
  put(secret: string, key: TestKey): void;
}

/**
 * A double of the verifier, for tests of your own service: it decides by the rules of the real one on keys that you name, in memory, and
 * asks nobody. Its verdicts say `testDouble: true`. It neither starts nor works where NODE_ENV is `production`, and takes no
 * string for a key that a platform could have issued.
 *
 * ```ts
 * const verifier = createTestVerifier({ keys: { test_reader: { account: "acct_1", scopes: ["contacts:read"] } } });
 * const app = createApp(verifier);
 * ```
 *
 * @throws TypeError in production, for a key whose name does not begin with `test_`, and for scopes that cannot be
 */
export function createTestVerifier(options: TestVerifierOptions): TestVerifier {
  refuseProduction();
  const { environment = "test", now = systemClock.wall } = options;
  const catalogue = catalogueOf(options.scopes ?? {});
  const keys = new Map<string, TestKey>();
  const asked: VerificationRequest[] = [];
  const put = (secret: string, key: TestKey): void => {
    if (!/^test_[a-z0-9_-]{1,40}$/.test(secret) || parseKey(secret).ok)
      throw new TypeError("a key of the double is named like test_reader");
    recordOf(secret, key, environment);
    keys.set(secret, key);
  };
  for (const [secret, key] of Object.entries(options.keys)) put(secret, key);
  let closed = false;
  const verifier: TestVerifier = {
    ...{ mode: "test", environment, observer: null, unavailable: false, asked, put },
    verify(secret, request = {}) {
      refuseProduction();
      asked.push(request);
      if (closed || verifier.unavailable) return { ...refusedAs("UNAVAILABLE"), testDouble: true };
      const key = keys.get(secret);
      if (key === undefined) return { ...refusedAs("NOT_FOUND"), testDouble: true };
      return verdictOn(secret, key, { ...request, environment }, catalogue, now());
    },
    async close() {
      closed = true;
    },
  };
  return verifier;
}

function refuseProduction(): void {
  if (thisPlatform().environment.NODE_ENV !== "production") return;
  throw new TypeError("the double of the verifier is for tests, and NODE_ENV is production");
}

function catalogueOf(scopes: Readonly<Record<string, TestScope>>): Catalogue {
  const entries = Object.entries(scopes);
  return compileCatalogue({
    scopes: entries.map(([name, { tier, sensitive = false }]) => ({ name, tier, sensitive })),
    routes: entries.flatMap(([scope, { routes = [] }]) => routes.map((route) => ({ ...route, scope }))),
  });
}

function verdictOn(
  secret: string,
  key: TestKey,
  request: VerificationRequest & { readonly environment: string },
  catalogue: Catalogue,
  now: number,
): Verification {
  const record = recordOf(secret, key, request.environment);
  const { keyId, account, environment } = record;
  const verdict = decide(
    record,
    key.version ?? 1,
    { ...request, method: request.method?.toUpperCase() },
    catalogue,
    now,
  );
  const known = { keyId, account, environment, limits: key.limits ?? [], testDouble: true } as const;
  if (!verdict.valid) {
    const { code, missing, route } = verdict;
    return { valid: false, code, ...known, missing, route };
  }
  if (key.refuse !== undefined)
    return { valid: false, code: key.refuse, ...known, retryAfterMs: key.retryAfterMs ?? null };
  const retiresAt = retirementOf(record, verdict.version);
  return {
    ...{ valid: true, code: "VALID", checked: verdict.checked, version: verdict.version, ...known },
    scopes: expandScopes(record.scopes, catalogue),
    tier: record.tier,
    expiresAt: verdict.expiresAt === null ? null : new Date(verdict.expiresAt).toISOString(),
    ...(retiresAt === null ? {} : { retiresAt: new Date(retiresAt).toISOString() }),
    metadata: record.metadata,
    ...(verdict.route === null ? {} : { route: verdict.route }),
  };
}
