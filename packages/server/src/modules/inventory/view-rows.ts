import { type Catalogue, isAdminGrant, isTier } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { loadCatalogue } from "../catalogue/index.ts";
import { type Key, versionsOf } from "../keys/index.ts";
import { type GrantView, isGrantView, type KeyViewName } from "./built-in-views.ts";
import { usesOf } from "./inventory.store.ts";
import { selectBusy } from "./queries/busy-keys.ts";
import { type GrantSet, selectGrantSets, selectPeople, selectSources } from "./queries/key-views.ts";
import { showKeys } from "./shown-key.ts";
import { momentAt } from "./view-moment.ts";
import { type Known, reasonOf } from "./view-reasons.ts";

/** The sets of tier and scopes that belong to a view of grants, as the catalogue is now; none for other views. */
export async function setsOf(tx: Tx, view: KeyViewName): Promise<readonly string[]> {
  if (!isGrantView(view)) return [];
  const [sets, catalogue] = [await selectGrantSets(tx), await catalogueOf(tx)];
  return sets.filter((set) => belongs(view, set, catalogue)).map(({ id }) => id);
}

// What a route that no scope names is answered does not matter to a grant.
const catalogueOf = (tx: Tx): Promise<Catalogue> => loadCatalogue(tx, "refuse");

function belongs(view: GrantView, { tier, scopes }: GrantSet, catalogue: Catalogue): boolean {
  if (view === "no-scope") return scopes.length === 0;
  return isAdminGrant({ tier: isTier(tier) ? tier : null, scopes }, catalogue);
}

const SOURCES_OF: Readonly<Partial<Record<KeyViewName, "browser" | "service">>> = {
  "used-from-browser": "browser",
  "shared-across-services": "service",
};

const BUSY: ReadonlySet<KeyViewName> = new Set(["over-10k-24h", "test-like-production"]);

/** Keys as the contract shows them, each with why it is in the view. */
export async function showViewed(
  tx: Tx,
  view: KeyViewName,
  keys: readonly Key[],
  now: Date,
): Promise<readonly Record<string, unknown>[]> {
  const shown = await showKeys(tx, keys, now.getTime());
  const known = await knownOf(tx, view, keys, now);
  return keys.map((key, index) => ({ ...shown[index], ...reasonOf(view, key, known(key), now) }));
}

async function knownOf(tx: Tx, view: KeyViewName, keys: readonly Key[], now: Date): Promise<(key: Key) => Known> {
  const ids = keys.map(({ id }) => id);
  const uses = Map.groupBy(await usesOf(tx, ids, now), ({ key }) => key);
  const versions = Map.groupBy(await versionsOf(tx, ids), ({ key }) => key);
  const makers = view === "creator-inactive" ? [...new Set(keys.map(({ createdBy }) => createdBy))] : [];
  const owners = view === "owner-inactive" ? [...new Set(keys.flatMap(({ ownerMember: id }) => id ?? []))] : [];
  const people = await selectPeople(tx, [...makers, ...owners]);
  const catalogue = view === "admin-scope" ? await catalogueOf(tx) : null;
  const kind = SOURCES_OF[view];
  const sources = Map.groupBy(kind === undefined ? [] : await selectSources(tx, ids, kind), ({ key }) => key);
  const busy = BUSY.has(view) ? await selectBusy(tx, ids, momentAt(now)) : [];
  return (key) => {
    const own = uses.get(key.id) ?? [];
    const refusal = own
      .filter(({ lastRefusedAt }) => lastRefusedAt !== null)
      .toSorted((a, b) => Number(b.lastRefusedAt) - Number(a.lastRefusedAt))[0];
    return {
      lastUsedAt: latest(own.map(({ lastUsedAt }) => lastUsedAt)),
      lastRefusedAt: refusal?.lastRefusedAt ?? null,
      lastRefusedCode: refusal?.lastRefusedCode ?? null,
      refusals: own.reduce((sum, { refused }) => sum + refused, 0),
      requests30d: own[0]?.requests30d ?? 0,
      currentSince: versions.get(key.id)?.find(({ version }) => version === key.version)?.createdAt ?? key.createdAt,
      creator: people.get(key.createdBy) ?? null,
      owner: people.get(key.ownerMember ?? "") ?? null,
      sources: sources.get(key.id) ?? [],
      busy: busy.find((each) => each.key === key.id) ?? null,
      adminScopes:
        catalogue === null
          ? []
          : key.scopes.filter((scope) => isAdminGrant({ tier: null, scopes: [scope] }, catalogue)),
    };
  };
}

function latest(times: readonly (Date | null)[]): Date | null {
  return times.reduce((found, time) => (time !== null && (found === null || time > found) ? time : found), null);
}
