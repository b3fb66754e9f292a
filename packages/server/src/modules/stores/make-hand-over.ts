import { seal } from "../../db/index.ts";
import type { Actor, Unit } from "../../kernel/act.ts";
import type { DeliveryWanted, IssuedSecret } from "../keys/index.ts";
import {
  aboutHandOver,
  CLAIMED_MS,
  type HandOver,
  OFFERED_MS,
  payloadOf,
  placeOf,
  shapeHandOver,
  TRIED_MS,
} from "./hand-over.ts";
import type { StoresPorts } from "./ports.ts";
import { insertHandOver } from "./queries/hand-overs.ts";
import { demandStore } from "./stores.store.ts";

type Making = Pick<StoresPorts, "ids" | "random" | "keyring">;

/**
 * Puts a secret on its way in the transaction that makes it: there is no moment at which it is issued and not kept. It is sealed, and the
 * database alone does not open it. Throws VALIDATION_FAILED for a store that there is not.
 */
export async function makeHandOver(
  { ids, random, keyring }: Making,
  unit: Unit,
  actor: Actor,
  { key, version, secret }: IssuedSecret,
  wanted: DeliveryWanted,
  scheduled = false,
): Promise<HandOver> {
  const { now } = unit;
  const { store, path } = "offer" in wanted ? { store: null, path: null } : wanted;
  if (store !== null) await demandStore(unit.tx, store);
  const handOver: HandOver = {
    ...{ id: ids.make("hov"), account: key.account, key: key.id, version, scheduled },
    ...{ management: key.kind === "management", store, path },
    ...{ state: store === null ? "offered" : "waiting", tries: 0, attempts: [] },
    ...{ createdBy: actor.id, createdAt: now, dueAt: now, endedAt: null },
    deadline: new Date(now.getTime() + (store !== null ? TRIED_MS : scheduled ? CLAIMED_MS : OFFERED_MS)),
  };
  await insertHandOver(unit.tx, { ...handOver, sealed: seal(keyring, random, placeOf(handOver), secret) });
  unit.audits({
    ...{ action: "hand-over.created", ...aboutHandOver(handOver) },
    after: { state: handOver.state, key: key.id, version, store, path },
  });
  if (store === null) unit.emits({ type: "hand-over.offered", account: key.account, payload: payloadOf(handOver) });
  return handOver;
}

/** For those who make secrets. */
export function deliverWith(ports: Making) {
  return async (unit: Unit, actor: Actor, issued: IssuedSecret, wanted: DeliveryWanted): Promise<object> =>
    shapeHandOver(await makeHandOver(ports, unit, actor, issued, wanted), unit.now);
}
