import { endingOperations, keyOperations, pick, systemOperations } from "@claviger/contract";
import { KEY_PATTERN, keyFormatRules } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Done } from "../../kernel/act.ts";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import { selectEnvironments } from "../catalogue/index.ts";
import { answerCreated, renderCreated } from "./answer-created.ts";
import { type CreatedKey, createOrAskKey, MANAGEMENT_TAG, type RequestedKey } from "./create-key.ts";
import { requireKey } from "./find-key.ts";
import type { Key } from "./key.ts";
import { type PolicyOfKey, readPolicyOf } from "./key-policy.ts";
import type { AskApproval, Authority, KeysPorts } from "./ports.ts";
import { putKeyPolicy } from "./put-policy.ts";
import { resumeKey } from "./resume-key.ts";
import { revokeKey, revokeOwnKey } from "./revoke-key.ts";
import { suspendKey } from "./suspend-key.ts";
import { throttleKey } from "./throttle-key.ts";
import { unthrottleKey } from "./unthrottle-key.ts";
import { type UpdatedKey, updateOrAskKey } from "./update-key.ts";

/** How a key is shown is the inventory's; app.ts hands it in. */
export interface KeyViews {
  show(tx: Tx, key: Key): Promise<unknown>;
  showOwn(tx: Tx, key: Key, version: number): Promise<unknown>;
  /** When the key was accepted last. */
  lastUseOf(tx: Tx, key: string): Promise<Date | null>;
}

const matchOf = ({ headers }: { readonly headers: { get(name: string): string | null | undefined } }): string | null =>
  headers.get("if-match") ?? null;
const authorityOf = (principal: ManagementPrincipal): Authority => principal;

function withEffective(done: Done<unknown>): Answer {
  return { status: 200, body: { ...(done.body as object), effective: done.effective } };
}

function showPolicy({ key, risk, approval, own, policy }: PolicyOfKey) {
  return { key: key.id, risk, approval, own, values: policy };
}

function policyRoutes({ act }: KeysPorts, database: Database): Route[] {
  return [
    route(pick(keyOperations, "keys.policy"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const key = await requireKey(tx, call.params.id, authorityOf(call.principal));
        return { status: 200, body: showPolicy(await readPolicyOf(tx, key)) };
      }),
    ),
    route(pick(keyOperations, "keys.put-policy"), async (call) => {
      const acting = actingOf<PolicyOfKey>(call, async (policy) => showPolicy(policy));
      const done = await putKeyPolicy(act, acting, authorityOf(call.principal), call.params.id, call.body);
      return { status: 200, body: done.body };
    }),
  ];
}

export function keysRoutes(ports: KeysPorts, database: Database, views: KeyViews, ask: AskApproval): Route[] {
  const render = async (key: Key, tx: Tx) => ({ key: await views.show(tx, key) });
  return [
    ...policyRoutes(ports, database),
    route(pick(keyOperations, "keys.create"), async (call) => {
      const acting = actingOf<CreatedKey | RequestedKey>(call, renderCreated(views.show));
      return answerCreated(await createOrAskKey(ports, acting, authorityOf(call.principal), call.body, ask));
    }),
    route(pick(keyOperations, "keys.update"), async (call) => {
      const acting = actingOf<UpdatedKey>(call, async ({ key, approval }, tx) => ({
        ...(await render(key, tx)),
        ...(approval === null ? {} : { approval }),
      }));
      const done = await updateOrAskKey(
        ports,
        acting,
        authorityOf(call.principal),
        call.params.id,
        call.body,
        ask,
        matchOf(call),
      );
      const answer = withEffective(done);
      return "approval" in (done.body as object) ? { ...answer, status: 202 } : answer;
    }),
    route(pick(keyOperations, "keys.revoke"), async (call) =>
      withEffective(
        await revokeKey(
          ...([ports, actingOf(call, render), authorityOf(call.principal), call.params.id] as const),
          ...([call.body, { ...call.body, lastUseOf: views.lastUseOf }, matchOf(call)] as const),
        ),
      ),
    ),
    route(pick(keyOperations, "keys.suspend"), async (call) =>
      withEffective(
        await suspendKey(
          ...([ports, actingOf(call, render), authorityOf(call.principal), call.params.id] as const),
          ...([call.body.reason, { ...call.body, lastUseOf: views.lastUseOf }, matchOf(call)] as const),
        ),
      ),
    ),
    route(pick(keyOperations, "keys.resume"), async (call) => {
      const { principal, params } = call;
      const done = await resumeKey(ports, actingOf(call, render), authorityOf(principal), params.id, matchOf(call));
      return withEffective({ ...done, effective: null });
    }),
    route(pick(endingOperations, "keys.throttle"), async (call) =>
      withEffective(
        await throttleKey(
          ...([ports, actingOf(call, render), authorityOf(call.principal), call.params.id] as const),
          ...([call.body, matchOf(call)] as const),
        ),
      ),
    ),
    route(pick(endingOperations, "keys.unthrottle"), async (call) => {
      const { principal, params } = call;
      const done = await unthrottleKey(ports, actingOf(call, render), authorityOf(principal), params.id, matchOf(call));
      return withEffective({ ...done, effective: null });
    }),
    route(pick(keyOperations, "keys.revoke-self"), async (call) => {
      const { principal, body } = call;
      const acting = actingOf<Key>(call, async (key, tx) => ({ key: await views.showOwn(tx, key, principal.version) }));
      return withEffective(await revokeOwnKey(ports, acting, principal, body ?? { reason: "leaked" }));
    }),
  ];
}

const MOST_ENVIRONMENTS = 200;

/** How keys look, for scanners: public, because it is printed on every key anyway. */
export function keyFormatRoutes(database: Database, prefix: string): Route[] {
  return [
    route(pick(systemOperations, "system.key-format"), async () => {
      const environments = await database.transaction(PLATFORM, (tx) =>
        selectEnvironments(tx, null, MOST_ENVIRONMENTS),
      );
      const tags = [...environments.map((environment) => environment.tag), MANAGEMENT_TAG];
      return { status: 200, body: { prefix, tags, pattern: KEY_PATTERN, ...keyFormatRules([prefix], tags) } };
    }),
  ];
}
