import { pick, splitCallerOperations, splitOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import { AtOnce } from "../../kernel/at-once.ts";
import { pageOf } from "../../kernel/page.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { answerCreated, type CreatedKey, type RequestedKey, renderCreated, requireKey } from "../keys/index.ts";
import { cancelSplit } from "./cancel-split.ts";
import { deleteCaller } from "./delete-caller.ts";
import { finishSplit } from "./finish-split.ts";
import { issueCaller } from "./issue-caller.ts";
import type { SplitRoutesPorts } from "./ports.ts";
import { type PutCaller, putCaller } from "./put-caller.ts";
import { shapeSplit, showSplit } from "./show-split.ts";
import type { Split } from "./split.ts";
import { findSplit, selectSplits } from "./splits.store.ts";
import { startSplit } from "./start-split.ts";

/** Of one node, and of one management key: each may read some hundred thousand verifications. */
const [MOST_LOOKS, MOST_LOOKS_EACH] = [4, 2];
/** As an act answers: how far its callers are is asked after it, when nothing is held. */
const brief = async (split: Split) => shapeSplit(split);
const AS_USUAL = { days: 35, quietHours: 168, revokes: true };

export function splitsRoutes(ports: SplitRoutesPorts): Route[] {
  const { database, clock } = ports;
  const looks = new AtOnce("looks at all traffic of a key", MOST_LOOKS, MOST_LOOKS_EACH);
  return [
    route(pick(splitOperations, "splits.start"), async (call) => {
      const acting = actingOf<Split>(call, brief);
      const { principal, params, body = AS_USUAL } = call;
      const done = await looks.run(() => startSplit(ports, acting, principal, params.id, body), principal.keyId);
      return { status: 201, body: done.body };
    }),
    route(pick(splitOperations, "splits.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { account: reference, state = null } = call.query;
        const account = reference === undefined ? null : await findAccount(tx, reference);
        if (reference !== undefined && account === null) throw new ClavigerError("NOT_FOUND");
        const order = { sort: "-id", kinds: ["string"], valuesOf: ({ id }: Split) => [id] } as const;
        const page = await pageOf<Split>(call.query, order, (after, count) =>
          selectSplits(tx, { account: account?.id ?? null, state }, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { ...page, data: page.data.map(shapeSplit) } };
      }),
    ),
    route(pick(splitOperations, "splits.get"), (call) => {
      const shown = () =>
        database.transaction(PLATFORM, async (tx) => {
          await requireKey(tx, call.params.id, call.principal);
          const split = await findSplit(tx, call.params.id);
          if (split === null) throw new ClavigerError("NOT_FOUND");
          return { status: 200, body: await showSplit(tx, split, clock.wall()) };
        });
      return looks.run(shown, call.principal.keyId);
    }),
    route(pick(splitOperations, "splits.finish"), async (call) => {
      const acting = actingOf<Split>(call, async (split) => ({ split: shapeSplit(split) }));
      const done = await finishSplit(ports, acting, call.principal, call.params.id, call.body ?? { early: false });
      return { status: 200, body: { ...(done.body as object), effective: done.effective } };
    }),
    route(pick(splitOperations, "splits.cancel"), async (call) => {
      const done = await cancelSplit(ports, actingOf(call, brief), call.principal, call.params.id);
      return { status: 200, body: done.body };
    }),
    ...callerRoutes(ports, looks),
  ];
}

function callerRoutes(ports: SplitRoutesPorts, looks: AtOnce): Route[] {
  return [
    route(pick(splitCallerOperations, "split-callers.put"), async (call) => {
      const { id, name } = call.params;
      const acting = actingOf<PutCaller>(call, async ({ split }) => shapeSplit(split));
      const put = () => putCaller(ports, acting, call.principal, id, name, call.body);
      const done = await looks.run(put, call.principal.keyId);
      return { status: done.value?.created === true ? 201 : 200, body: done.body };
    }),
    route(pick(splitCallerOperations, "split-callers.delete"), async (call) => {
      const { id, name } = call.params;
      return { status: 200, body: (await deleteCaller(ports, actingOf(call, brief), call.principal, id, name)).body };
    }),
    route(pick(splitCallerOperations, "split-callers.issue"), async (call) => {
      const { id, name } = call.params;
      const acting = actingOf<CreatedKey | RequestedKey>(call, renderCreated(ports.views.show));
      return answerCreated(await issueCaller(ports, acting, call.principal, id, name, call.body));
    }),
  ];
}
