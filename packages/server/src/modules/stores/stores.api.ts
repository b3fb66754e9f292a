import { handOverOperations, pick, storeOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import { AtOnce } from "../../kernel/at-once.ts";
import type { CallOutside } from "../../kernel/outgoing/index.ts";
import { pageOf } from "../../kernel/page.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { mayManage } from "../keys/index.ts";
import { type ClaimedHandOver, claimHandOver } from "./claim-hand-over.ts";
import { deleteStore } from "./delete-store.ts";
import { type HandOver, shapeHandOver } from "./hand-over.ts";
import type { StoresPorts } from "./ports.ts";
import { type PutStore, putStore } from "./put-store.ts";
import { findHandOver, selectHandOvers } from "./queries/hand-overs.ts";
import { type Store, shapeStore } from "./store.ts";
import { findStore, selectStores } from "./stores.store.ts";
import { type StoreTest, testStore } from "./test-store.ts";

type Ports = StoresPorts & { readonly call: CallOutside };

/** Of one node. A test waits for an answer from outside, and each may take its time. */
const MOST_TESTS = 4;

export function storesRoutes(ports: Ports): Route[] {
  const { act, database } = ports;
  const render = async (store: Store) => shapeStore(store);
  const tests = new AtOnce("tests of stores", MOST_TESTS, 1);
  return [
    route(pick(storeOperations, "stores.put"), async (call) => {
      const acting = actingOf<PutStore>(call, ({ store }) => render(store));
      const done = await putStore(ports, acting, call.params.id, call.body);
      return { status: done.value?.created === true ? 201 : 200, body: done.body };
    }),
    route(pick(storeOperations, "stores.get"), async (call) => {
      const store = await database.transaction(PLATFORM, (tx) => findStore(tx, call.params.id));
      if (store === null) throw new ClavigerError("NOT_FOUND");
      return { status: 200, body: shapeStore(store) };
    }),
    route(pick(storeOperations, "stores.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const order = { sort: "id", kinds: ["string"], valuesOf: (store: Store) => [store.id] } as const;
        const page = await pageOf<Store>(call.query, order, (after, count) =>
          selectStores(tx, call.query.kind, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { ...page, data: page.data.map(shapeStore) } };
      }),
    ),
    route(pick(storeOperations, "stores.delete"), async (call) => ({
      status: 200,
      body: (await deleteStore(act, actingOf<Store>(call, render), call.params.id)).body,
    })),
    route(pick(storeOperations, "stores.test"), async (call) => {
      const acting = actingOf<StoreTest>(call, async (result) => result);
      const test = () => testStore(ports, acting, call.params.id);
      return { status: 200, body: (await tests.run(test, call.principal.keyId)).body };
    }),
    ...handOverRoutes(ports),
  ];
}

function handOverRoutes(ports: Ports): Route[] {
  const { database, clock } = ports;
  const shown = (handOver: HandOver) => shapeHandOver(handOver, new Date(clock.wall()));
  return [
    route(pick(handOverOperations, "hand-overs.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { account: reference, key = null, store = null, state = null } = call.query;
        const account = reference === undefined ? null : await findAccount(tx, reference);
        if (reference !== undefined && account === null) throw new ClavigerError("NOT_FOUND");
        const filter = { account: account?.id ?? null, key, store, state, management: mayManage(call.principal) };
        const order = { sort: "-id", kinds: ["string"], valuesOf: ({ id }: HandOver) => [id] } as const;
        const page = await pageOf<HandOver>(call.query, order, (after, count) =>
          selectHandOvers(tx, filter, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { ...page, data: page.data.map(shown) } };
      }),
    ),
    route(pick(handOverOperations, "hand-overs.get"), async (call) => {
      const handOver = await database.transaction(PLATFORM, (tx) => findHandOver(tx, call.params.id));
      if (handOver === null || (handOver.management && !mayManage(call.principal)))
        throw new ClavigerError("NOT_FOUND");
      return { status: 200, body: shown(handOver) };
    }),
    route(pick(handOverOperations, "hand-overs.claim"), async (call) => {
      const acting = actingOf<ClaimedHandOver>(call, async ({ handOver }) => ({ handOver: shown(handOver) }));
      const done = await claimHandOver(ports, acting, call.principal, call.params.id);
      return { status: 200, body: { ...(done.body as object), secret: done.value?.secret.reveal() ?? null } };
    }),
  ];
}
