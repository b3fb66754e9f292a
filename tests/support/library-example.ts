/** Runs the examples of library mode as processes of their own, over a database that another node uses as well. */
import {
  type Api,
  api,
  externalSettings,
  issueKey,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  succeeded,
  type TestDatabase,
  testDatabase,
} from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Effective } from "./client.ts";
import { installExample, type Running, startProgram } from "./example.ts";

const TERM_MS = 5_000;
const BASE_PATH = "/claviger";

export interface LibraryExample {
  readonly program: Running;
  /** Claviger in that program, as the first management key. */
  readonly here: Api;
  readonly other: Service;
  stop(): Promise<void>;
}

export async function startLibraryExample(
  example: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<LibraryExample> {
  const database = await testDatabase();
  const other = await startService({ database });
  const { PATH = "" } = process.env;
  const settings = { PATH, NEXT_TELEMETRY_DISABLED: "1", ...externalSettings(database), ...more };
  return besideService(await startProgram(example, args, settings), other, database);
}

/** A program with Claviger in it, and a service over the same database. */
export function besideService(program: Running, other: Service, database: TestDatabase): LibraryExample {
  return {
    ...{ program, other, here: api(program.url, other.managementKey) },
    stop: async () => {
      program.stop();
      await other.stop();
      await database.drop();
    },
  };
}

/** What each of them shows: keys are managed and verified in one process, and what another node takes away is refused there. */
export async function managesAndVerifies({ program, here, other }: LibraryExample): Promise<void> {
  const root: Api = {
    ...here,
    put: (path, ...rest) => here.put(`${BASE_PATH}${path}`, ...rest),
    post: (path, ...rest) => here.post(`${BASE_PATH}${path}`, ...rest),
  };
  await makeScopes(root);
  const account = await makeAccount(root);
  const { id, secret } = await issueKey(root, account.id);
  const contacts = async (): Promise<unknown> => {
    const answer = await fetch(`${program.url}/contacts`, { headers: { "x-api-key": secret } });
    const { code, account: owner } = (await answer.json()) as { code?: string; account?: string };
    return { status: answer.status, code, owner };
  };
  expect(await contacts()).toEqual({ status: 200, code: undefined, owner: account.id });
  const onOther = api(other.url, other.managementKey);
  const revoked = await onOther.post<{ effective: Effective }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
  expect(succeeded(revoked).body.effective).toMatchObject({ everywhere: true, nodes: 2, lapsed: [] });
  expect(await contacts()).toMatchObject({ status: 401, code: "REVOKED" });
  expect(program.output()).not.toContain(secret);
}

/** Asked to end, it gives its lease back, so that nobody waits for it. */
export async function leavesWithoutATrace({ program, other }: LibraryExample): Promise<void> {
  expect(await program.end(), program.output()).toBe(0);
  const onOther = api(other.url, other.managementKey);
  const account = await makeAccount(onOther);
  const { id } = await issueKey(onOther, account.id);
  const { body } = await onOther.post<{ effective: Effective }>(`/v1/keys/${id}/revoke`, { reason: "unused" });
  expect(body.effective).toMatchObject({ everywhere: true, nodes: 1, lapsed: [] });
  expect(body.effective.waitedMs).toBeLessThan(TERM_MS / 2);
}

/** The tests of an example that is a server of node:http in the end, whichever framework it has. */
export function managesVerifiesAndLeaves(example: string): void {
  let running: LibraryExample;
  beforeAll(async () => {
    installExample(example);
    running = await startLibraryExample(example, ["server.js"]);
  }, 180_000);
  afterAll(() => running?.stop());

  test("manages keys and verifies them, and refuses what another node took away", async () => {
    await managesAndVerifies(running);
  });

  test("asked to end, it leaves the installation without a trace", async () => {
    await leavesWithoutATrace(running);
  });
}
