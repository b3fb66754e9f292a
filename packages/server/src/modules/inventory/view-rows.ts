import {
  type Catalogue,
  type Grant,
  isAdminGrant,
  isTier,
  type ResolvedValue,
  type Risk,
  resolvePolicy,
  riskOf,
} from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { loadCatalogue } from "../catalogue/index.ts";
import { type Key, versionsOf } from "../keys/index.ts";
import { readBook } from "../policies/index.ts";
import { type GrantView, isGrantView, type KeyViewName } from "./built-in-views.ts";
import { usesOf } from "./inventory.store.ts";
import { selectBusy } from "./queries/busy-keys.ts";
import { type GrantSet, selectGrantSets, selectPeople, selectSources, type ViewBasis } from "./queries/key-views.ts";
import { type DaysName, readPolicyDays } from "./queries/policy-days.ts";
import { showKeys } from "./shown-key.ts";
import { momentAt } from "./view-moment.ts";
import { type Known, reasonOf } from "./view-reasons.ts";

/** What a view is asked with, as catalogue and policies are now. */
export async function basisOf(tx: Tx, view: KeyViewName): Promise<ViewBasis> {
  const name = DAYS_OF[view];
  if (!isGrantView(view) && name === undefined) return { sets: [], days: null };
  const [sets, catalogue] = [await selectGrantSets(tx), await catalogueOf(tx)];
  if (isGrantView(view)) {
    return { sets: sets.filter((set) => belongs(view, set, catalogue)).map(({ id }) => id), days: null };
  }
  const byRisk = Map.groupBy(sets, (set) => riskOf(grantOf(set), catalogue));
  const idsOf = (risk: Risk): readonly string[] => (byRisk.get(risk) ?? []).map(({ id }) => id);
  const ofRisks = { low: idsOf("low"), elevated: idsOf("elevated"), high: idsOf("high") };
  return { sets: [], days: name === undefined ? null : await readPolicyDays(tx, name, ofRisks) };
}

/** What policies say of a view's keys. */
const DAYS_OF: Readonly<Partial<Record<KeyViewName, DaysName>>> = {
  "rotation-overdue": "rotationDays",
  dormant: "dormancyDays",
};

// What a route that no scope names is answered does not matter to a grant.
const catalogueOf = (tx: Tx): Promise<Catalogue> => loadCatalogue(tx, "refuse");

function belongs(view: GrantView, { tier, scopes }: GrantSet, catalogue: Catalogue): boolean {
  if (view === "no-scope") return scopes.length === 0;
  return isAdminGrant(grantOf({ tier, scopes }), catalogue);
}

function grantOf({ tier, scopes }: Pick<GrantSet, "tier" | "scopes">): Grant {
  return { tier: isTier(tier) ? tier : null, scopes };
}

/** What the policy of each of these keys says, with the layer that says it. */
async function daysOf(
  tx: Tx,
  view: KeyViewName,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, ResolvedValue<number | null>>> {
  const name = DAYS_OF[view];
  if (name === undefined) return new Map();
  const catalogue = await catalogueOf(tx);
  const accounts = [...new Set(keys.map(({ account }) => account))];
  const book = await readBook(
    tx,
    accounts,
    keys.map(({ id }) => id),
  );
  return new Map(
    keys.map((key) => {
      const layers = { ...book.layersOf(key.account, key.environment ?? ""), key: book.ownOf(key.id) };
      return [key.id, resolvePolicy(layers, riskOf(key, catalogue))[name]];
    }),
  );
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
  const days = await daysOf(tx, view, keys);
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
      policyDays: days.get(key.id) ?? null,
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
