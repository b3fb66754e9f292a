import type { account, auditEvent, effective, key, member, ownKey, problem, verdict } from "@claviger/contract";
import { type Api, api, type MadeAccount, makeAccount, makeScopes, startApp, type TestApp } from "@claviger/testkit";
import { conforms } from "./conforms.ts";

type Shape<S extends { parse: (value: unknown) => unknown }> = ReturnType<S["parse"]>;
export type Account = Shape<typeof account>;
export type AuditEvent = Shape<typeof auditEvent>;
export type Effective = Shape<typeof effective>;
export type Key = Shape<typeof key>;
export type Member = Shape<typeof member>;
export type OwnKey = Shape<typeof ownKey>;
export type Problem = Shape<typeof problem>;
export type Verdict = Shape<typeof verdict>;

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface KeyResult {
  readonly key: Key;
  readonly effective: Effective | null;
}

export interface NewKey {
  readonly key: Key;
  readonly secret: string;
}

/** Calls whose every answer is held against the contract. */
export function client(target: Parameters<typeof api>[0], credential: string | null, peer = "127.0.0.1"): Api {
  return api(target, credential, { check: conforms, peer });
}

/** A service in this process, reached over HTTP, with the shared catalogue and one account. */
export interface Stage {
  readonly app: TestApp;
  /** As the first management key, which may do everything. */
  readonly root: Api;
  readonly account: MadeAccount;
}

export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  return openStageOn(await startApp({ env }));
}

export async function openStageOn(app: TestApp): Promise<Stage> {
  const root = client(app.url, app.managementKey);
  await makeScopes(root);
  return { app, root, account: await makeAccount(root) };
}

/** Every row of a list, page by page. */
export async function readAll<T>(root: Api, path: string, limit: number): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = (await root.get<Page<T>>(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}${more}`))
      .body;
    rows.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}
