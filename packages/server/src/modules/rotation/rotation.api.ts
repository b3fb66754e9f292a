import { pick, rotationInstructions, rotationOperations } from "@claviger/contract";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Done } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import { type AskApproval, type Key, type KeyViews, renderHandOver, tellSecret } from "../keys/index.ts";
import { acknowledgeRotation } from "./acknowledge-rotation.ts";
import type { RotationAct, RotationResult } from "./act-on-rotation.ts";
import { cancelRotation } from "./cancel-rotation.ts";
import { confirmRotation } from "./confirm-rotation.ts";
import { extendRotation } from "./extend-rotation.ts";
import { finishRotation } from "./finish-rotation.ts";
import type { RotationPorts } from "./ports.ts";
import type { Rotated } from "./rotate-key.ts";
import { rotateOrAskKey, type WaitingRotation } from "./rotate-or-ask-key.ts";
import { rotateOwnKey } from "./rotate-own-key.ts";
import { shapeRotation, shapeWarning, showRotation } from "./show-rotation.ts";

export interface RotationRoutesPorts extends RotationPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly views: KeyViews;
  /** Where emergencies wait for approval. */
  readonly ask: AskApproval;
}

interface Asked {
  readonly principal: ManagementPrincipal;
  readonly params: { readonly id: string };
  readonly headers: { get(name: string): string | null };
}

const actOf = ({ principal, params, headers }: Asked): RotationAct => ({
  ...{ authority: principal, key: params.id, match: headers.get("if-match") },
});

const shown = ({ rotation, warnings }: RotationResult) => ({
  ...{ rotation: shapeRotation(rotation), warnings: warnings.map(shapeWarning) },
});

const render = async (result: RotationResult) => shown(result);

const withEffective = (done: Done<unknown>): Answer => ({
  ...{ status: 200, body: { ...(done.body as object), effective: done.effective } },
});

export function rotationRoutes(ports: RotationRoutesPorts): Route[] {
  const { database, clock, views } = ports;
  const instructions = rotationInstructions(ports.keys.keyPrefix);
  const renderRotated = (show: (tx: Tx, key: Key) => Promise<unknown>) => async (rotated: Rotated, tx: Tx) => ({
    ...{ key: await show(tx, rotated.key), ...shown(rotated), instructions },
  });
  const renderOwn = async (made: Rotated, tx: Tx) => {
    const answer = await renderRotated((within, key) => views.showOwn(within, key, key.version))(made, tx);
    // Who depends on a key is not for whoever holds a secret of it.
    const { dependants, ...rotation } = answer.rotation;
    return { ...answer, rotation };
  };
  const rotated = (done: Done<Rotated>): Answer => ({
    status: 201,
    body: { ...tellSecret(done.body, done.value), effective: done.effective },
  });
  return [
    route(pick(rotationOperations, "keys.rotate-self"), async (call) => {
      const acting = actingOf<Rotated>(call, renderOwn);
      return rotated(await rotateOwnKey(ports, acting, call.principal, call.body ?? {}));
    }),
    route(pick(rotationOperations, "keys.rotate"), async (call) => {
      const acting = actingOf<Rotated | WaitingRotation>(call, async (made, tx) =>
        "approval" in made
          ? { key: await views.show(tx, made.key), approval: made.approval, secret: null }
          : {
              ...(await renderRotated((within, key) => views.show(within, key))(made, tx)),
              ...renderHandOver(made),
            },
      );
      const done = await rotateOrAskKey(ports, acting, actOf(call), call.body ?? {}, ports.ask);
      if (!("approval" in (done.body as object))) return rotated(done as Done<Rotated>);
      return { ...withEffective(done), status: 202 };
    }),
    route(pick(rotationOperations, "rotation.show"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const body = await showRotation(tx, call.principal, call.params.id, clock.wall());
        return { status: 200, body, headers: { etag: body.etag } };
      }),
    ),
    route(pick(rotationOperations, "rotation.confirm"), async (call) =>
      withEffective(await confirmRotation(ports, actingOf(call, render), actOf(call))),
    ),
    route(pick(rotationOperations, "rotation.acknowledge"), async (call) =>
      withEffective({
        ...(await acknowledgeRotation(ports, actingOf(call, render), actOf(call), call.body.dependant)),
        effective: null,
      }),
    ),
    route(pick(rotationOperations, "rotation.extend"), async (call) =>
      withEffective({
        ...(await extendRotation(ports, actingOf(call, render), actOf(call), call.body.hours)),
        effective: null,
      }),
    ),
    route(pick(rotationOperations, "rotation.cancel"), async (call) =>
      withEffective(await cancelRotation(ports, actingOf(call, render), actOf(call))),
    ),
    route(pick(rotationOperations, "rotation.finish"), async (call) =>
      withEffective(await finishRotation(ports, actingOf(call, render), actOf(call))),
    ),
  ];
}
