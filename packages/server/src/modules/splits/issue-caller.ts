import { type CatalogueInput, ClavigerError, compileCatalogue, type Grant, openedScopes } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { loadCatalogueSource } from "../catalogue/index.ts";
import {
  type Authority,
  type CreatedKey,
  type CreateKeyInput,
  createOrAskKey,
  type Key,
  type RequestedKey,
  requireKey,
} from "../keys/index.ts";
import { grantFor } from "../traffic/index.ts";
import { aboutSplit, holdOpen } from "./hold-open.ts";
import { see } from "./look.ts";
import type { SplitRoutesPorts } from "./ports.ts";
import type { Caller } from "./split.ts";
import { findSplit, selectCallers, writeCallers } from "./splits.store.ts";

type Asked = Omit<CreateKeyInput, "account" | "environment" | "label"> & { readonly label?: string | undefined };

/**
 * Issues a caller a key of its own: of the account and the environment of the shared one, bound as that is where nothing else is said, and
 * with nothing that it lacks. Throws NOT_FOUND; VALIDATION_FAILED where neither tier nor scopes are named and none follow from its traffic;
 * GRANT_EXCEEDED for more than the shared key has; STATE_CONFLICT where it has a key that works; and what `createKey` throws.
 */
export async function issueCaller(
  { keys, database, ask }: SplitRoutesPorts,
  acting: Acting<CreatedKey | RequestedKey>,
  authority: Authority,
  id: string,
  name: string,
  asked: Asked,
): Promise<Done<CreatedKey | RequestedKey>> {
  const input = await database.transaction(PLATFORM, async (tx) => {
    const shared = await requireKey(tx, id, authority);
    const split = await findSplit(tx, id);
    const caller = split === null ? undefined : (await selectCallers(tx, split.id)).find((one) => one.name === name);
    if (caller === undefined) throw new ClavigerError("NOT_FOUND");
    return describe(tx, shared, caller, asked);
  });
  return createOrAskKey(keys, acting, authority, input, ask, (unit, key) => note(unit, authority, id, name, key));
}

async function describe(tx: Tx, shared: Key, caller: Caller, asked: Asked): Promise<CreateKeyInput> {
  if (shared.environment === null) throw new TypeError("a customer's key has an environment");
  const source = await loadCatalogueSource(tx, "refuse");
  const grant = grantOf(shared, caller, asked, source);
  demandNarrower(shared, grant, source);
  const { allowedIps, allowedReferrers, audiences, limits, purpose, criticality, runbookUrl } = shared;
  return {
    ...{ allowedIps, allowedReferrers, audiences, limits, criticality, runbookUrl },
    purpose: caller.description ?? purpose,
    ...asked,
    ...{ account: shared.account, environment: shared.environment, ...grant },
    label: asked.label ?? `${shared.label.slice(0, 99 - caller.name.length)} ${caller.name}`.trim(),
  };
}

/** As it is asked for, or else as its traffic suggests. */
function grantOf(shared: Key, { routes }: Caller, { tier, scopes }: Asked, source: CatalogueInput): Grant {
  if (tier != null || (scopes?.length ?? 0) > 0) return { tier: tier ?? null, scopes: scopes ?? [] };
  const suggestion = grantFor(shared, routes, source, compileCatalogue(source));
  if (suggestion !== null) return suggestion;
  const message = "no narrower grant follows from the traffic of this caller: name a tier or scopes";
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "scopes", message }] });
}

function demandNarrower(shared: Key, grant: Grant, source: CatalogueInput): void {
  const catalogue = compileCatalogue(source);
  const held = new Set(openedScopes(shared, catalogue));
  const excess = openedScopes(grant, catalogue).filter((scope) => !held.has(scope));
  if (excess.length === 0) return;
  const errors = excess.map((scope) => ({ path: "scopes", message: `the shared key does not have ${scope}` }));
  throw new ClavigerError("GRANT_EXCEEDED", { errors });
}

/** In the act that makes the key. */
async function note(unit: Unit, authority: Authority, id: string, name: string, key: Key): Promise<void> {
  // The shared key may have lost something since it was looked at.
  demandNarrower(await requireKey(unit.tx, id, authority), key, await loadCatalogueSource(unit.tx, "refuse"));
  const split = await holdOpen(unit, id);
  const { callers } = await see(unit.tx, split, unit.now.getTime());
  const caller = callers.find((one) => one.name === name);
  if (caller === undefined) throw new ClavigerError("NOT_FOUND");
  if (caller.own?.lives === true) {
    const what = caller.own.requested ? "a request for a key that waits" : "a key that works";
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: `The caller ${name} has ${what}: ${caller.key}.` });
  }
  const { own: _, progress: __, ...kept } = caller;
  await writeCallers(unit.tx, split, [{ ...kept, key: key.id }]);
  unit.audits({
    ...{ action: "split-caller.issued", ...aboutSplit(split) },
    after: { name, key: key.id, requested: key.kind === "requested" },
  });
}
