import type { rotationOperations } from "@claviger/contract";
import {
  type Answer,
  type Api,
  issueKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  makeScopes,
  type ShiftedClock,
  shiftedClock,
  startApp,
  type TestApp,
  waitFor,
} from "@claviger/testkit";
import { client, type Verdict } from "./client.ts";
import { asPlatform } from "./filler.ts";

type BodyOf<I extends (typeof rotationOperations)[number]["id"], S extends number> = Extract<
  (typeof rotationOperations)[number],
  { readonly id: I }
>["responses"] extends infer R
  ? S extends keyof R
    ? R[S] extends { readonly schema: { parse: (value: unknown) => infer T } }
      ? T
      : never
    : never
  : never;

export type Rotated = BodyOf<"keys.rotate", 201>;
export type Acted = BodyOf<"rotation.confirm", 200>;
export type KeyRotation = BodyOf<"rotation.show", 200>;

export interface RotationStage {
  readonly app: TestApp;
  /** Of the service, and of nobody else. */
  readonly clock: ShiftedClock;
  readonly root: Api;
  readonly account: MadeAccount;
}

/** A service in this process whose wall clock can be moved. */
export async function openRotationStage(): Promise<RotationStage> {
  const clock = shiftedClock();
  const app = await startApp({ house: { clock } });
  const root = client(app.url, app.managementKey);
  await makeScopes(root);
  return { app, clock, root, account: await makeAccount(root) };
}

/** Makes it this time for the service, and waits until it answers again: a clock that jumps ends its lease. */
export async function moveTo({ app, clock }: RotationStage, wall: number): Promise<void> {
  clock.moveTo(wall);
  const ready = async (): Promise<boolean> => (await client(app.url, null).get("/readyz")).status === 200;
  await waitFor(ready, { what: "a lease", timeoutMs: 15_000, everyMs: 10 });
}

export interface Rotating extends MadeKey {
  readonly fresh: string;
  readonly rotated: Rotated;
}

/** A key of the stage, and what its rotation answered. */
export async function rotating(
  { root, account }: RotationStage,
  asked: object = {},
  fields: object = {},
): Promise<Rotating> {
  const key = await issueKey(root, account.id, { ...fields });
  const answer = await rotate(root, key.id, asked);
  if (answer.status !== 201) throw new Error(answer.text);
  return { ...key, fresh: answer.body.secret ?? "", rotated: answer.body };
}

export const rotate = (api: Api, id: string, asked: object = {}, headers = {}): Promise<Answer<Rotated>> =>
  api.post<Rotated>(`/v1/keys/${id}/rotate`, asked, headers);

export const act = (api: Api, id: string, verb: string, body?: object, headers = {}): Promise<Answer<Acted>> =>
  api.post<Acted>(`/v1/keys/${id}/rotation/${verb}`, body, headers);

export const shown = async (api: Api, id: string): Promise<KeyRotation> =>
  (await api.get<KeyRotation>(`/v1/keys/${id}/rotation`)).body;

export const verify = async (api: Api, key: string, more: object = {}): Promise<Verdict> =>
  (await api.post<Verdict>("/v1/verify", { key, environment: "live", ...more })).body;

export const codes = async (api: Api, keys: readonly string[]): Promise<string[]> =>
  Promise.all(keys.map(async (key) => (await verify(api, key)).code));

/** Once the service itself has found the new version in use. */
export async function seenInUse(api: Api, id: string): Promise<KeyRotation> {
  return waitFor(
    async () => {
      const now = await shown(api, id);
      return now.rotation?.seenAt == null ? null : now;
    },
    { timeoutMs: 15_000, what: "the new version to be seen" },
  );
}

/** Types of the events for others that are about this key, in order. */
export async function eventsOf(
  app: TestApp,
  id: string,
): Promise<{ type: string; payload: Record<string, unknown> }[]> {
  return asPlatform(app.database, async (client) => {
    const { rows } = await client.query<{ type: string; payload: Record<string, unknown> }>(
      "SELECT type, payload FROM outbox_event WHERE payload ->> 'key' = $1 ORDER BY created_at, id",
      [id],
    );
    return rows;
  });
}

const WAITING = `SELECT count(*)::int AS waiting FROM pg_stat_activity a WHERE pg_backend_pid() = ANY (pg_blocking_pids(a.pid))
  OR EXISTS (SELECT FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids(a.pid)) AND pg_backend_pid() = ANY (pg_blocking_pids(b.pid)))`;

/** Keeps the key from everybody until so many acts wait for it; all of them were begun by then. */
export function whileHeld<T>(app: TestApp, id: string, waiters: number, begin: () => Promise<T>): Promise<T> {
  return asPlatform(app.database, async (holder) => {
    await holder.query("SET idle_in_transaction_session_timeout = 0");
    await holder.query("BEGIN");
    await holder.query("SELECT FROM api_key WHERE id = $1 FOR UPDATE", [id]);
    const begun = begin();
    await waitFor(async () => (await holder.query(WAITING)).rows[0]?.waiting === waiters, { what: "acts that wait" });
    await holder.query("COMMIT");
    return begun;
  });
}
