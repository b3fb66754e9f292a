import {
  compileCatalogue,
  createKeyTable,
  type KeyVerdict,
  type RefusalCode,
  refusedWith,
  type Verification,
  type VerifyRequest,
} from "../index.ts";

export const NOW = Date.UTC(2030, 0, 15, 12);

/** A key in a table, as verifications tell of it. */
export interface Told {
  readonly id: string;
  readonly account: string;
  /** Accepted by this route; without one, by who it is. */
  accepted(route?: "/contacts/{id}"): Verification<never>;
  refused(code: RefusalCode): Verification<never>;
}

const catalogue = compileCatalogue({
  scopes: [{ name: "contacts:read", tier: "read", sensitive: false }],
  routes: [{ method: "GET", path: "/contacts/{id}", scope: "contacts:read" }],
});

/** Version 2 of so many keys, some of whose ids are not written like ours. */
export function toldKeys(count: number): Told[] {
  const table = createKeyTable<object>({ capacity: count });
  return Array.from({ length: count }, (_, n) => {
    const id = n % 7 === 3 ? `key_of-another-kind-${n}` : `key_01ARZ3NDEKTSV4RRFF${String(n).padStart(8, "0")}`;
    const account = `acct_01ARZ3NDEKTSV4RRFF${String(n >> 2).padStart(8, "0")}`;
    const hash = hashLike(n);
    const record = {
      ...({
        keyId: id,
        account,
        environment: "live",
        state: "active",
        accountState: "active",
        expiresAt: null,
      } as const),
      ...({
        tier: null,
        scopes: ["contacts:read"],
        versions: [{ version: 2, state: "active", expiresAt: null }],
      } as const),
      ...{ allowedIps: [], allowedReferrers: [], audiences: [], metadata: {}, subjects: [`key:${id}`] },
    };
    table.put(hash, { record, version: 2, accountNote: null, shared: null });
    const told = (asked: Partial<VerifyRequest>, code?: RefusalCode): Verification<never> => {
      const request = { environment: "live", ...asked };
      const outcome = table.check(hash, request, catalogue, NOW);
      const judged = code === undefined ? outcome : refusedWith(outcome, code);
      const verdict: KeyVerdict = table.verdictOf(judged, request, catalogue, NOW);
      return { verdict, key: verdict, standing: null };
    };
    return {
      ...{ id, account },
      accepted: (route) => told(route === undefined ? {} : { method: "GET", path: route.replace("{id}", "7") }),
      refused: (code) => told({}, code),
    };
  });
}

/** Sixteen characters that are as different for two numbers as hashes are. */
function hashLike(n: number): string {
  const words = Array.from({ length: 15 }, (_, place) => Math.imul(n + 1, 0x9e3779b1 + 2 * place) >>> 16);
  return String.fromCharCode(...words, n & 0xffff);
}
