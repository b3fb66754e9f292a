/** One shared key nobody understands is split (K3): its callers from traffic, a narrower key and an owner for each, and revoked at zero. */
import {
  type Answer,
  type Api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  type ShiftedClock,
  shiftedClock,
  startApp,
  succeeded,
  type VaultServer,
  vaultServer,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  openStageOn,
  type Page,
  type Problem,
  type Stage,
} from "../support/client.ts";
import { asPlatform } from "../support/filler.ts";
import { moveTo } from "../support/rotation-stage.ts";

interface Caller {
  readonly name: string;
  readonly match: { readonly service: string | null; readonly network: string | null; readonly agent: string | null };
  readonly progress: string;
  readonly found: boolean;
  readonly lastSeenAt: string | null;
  readonly requests: number;
  readonly requests24h: number;
  readonly routes: readonly { readonly method: string | null; readonly route: string | null }[];
  readonly suggestion: { readonly tier: string | null; readonly scopes: readonly string[] } | null;
  readonly key: string | null;
  readonly owner: string | null;
}
interface Shown {
  readonly split: { readonly id: string; readonly state: string; readonly endedBecause: string | null };
  readonly callers: readonly Caller[];
  readonly remaining: {
    readonly requests24h: number;
    readonly unlisted24h: number;
    readonly lastUsedAt: string | null;
  };
  readonly standing: { readonly ready: boolean; readonly waitingFor: readonly string[]; readonly quietAt: string };
}
interface Issued {
  readonly key: Key;
  readonly secret: string | null;
  readonly handOver: { readonly id: string; readonly state: string } | null;
}

const later = (ms: number): Promise<void> => moveTo({ ...stage, clock }, clock.wall() + ms);
const HOUR = 3_600_000;
let stage: Stage;
let root: Api;
let vault: VaultServer;
let clock: ShiftedClock;
beforeAll(async () => {
  vault = await vaultServer();
  // Nothing is revoked by a clock that is ahead of the database's: the month that passes here ends before the present.
  clock = shiftedClock(-60 * 24 * HOUR);
  const env = { CLAVIGER_ALLOW_PRIVATE_TARGETS: "true", CLAVIGER_LEASE_MS: "60000" };
  stage = await openStageOn(await startApp({ env, house: { clock } }));
  root = stage.root;
  succeeded(await root.put("/v1/stores/vault", { vault: { address: vault.url, token: "hvs.of-a-test" } }));
});
afterAll(async () => {
  await stage.app.stop();
  await vault.close();
});

const shared = (fields = {}): Promise<MadeKey> =>
  issueKey(root, stage.account.id, { label: "Everything", scopes: ["contacts:*"], expiresAt: null, ...fields });
const call = async (key: string, parts: object): Promise<boolean> =>
  succeeded(await root.post<{ valid: boolean }>("/v1/verify", { key, environment: "live", ...parts })).body.valid;
const REPORTS = { ip: "192.0.2.7", userAgent: "reports/2.1", method: "GET", path: "/contacts" };
const IMPORTER = { ip: "198.51.100.9", userAgent: "python-requests/2.32", method: "POST", path: "/contacts" };
const reportsAlone = { service: null, network: "192.0.2.0/24", agent: "reports" };

const path = (key: MadeKey, rest = ""): string => `/v1/keys/${key.id}/split${rest}`;
const shown = async (key: MadeKey): Promise<Shown> => succeeded(await root.get<Shown>(path(key))).body;
const start = (key: MadeKey, body?: object): Promise<Answer<Shown & Problem>> =>
  root.post<Shown & Problem>(path(key), body);
const callerOf = ({ callers }: Shown, name: string): Caller => {
  const found = callers.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no caller ${name}: ${callers.map((one) => one.name).join(", ")}`);
  return found;
};
const reached = (key: MadeKey, what: string, is: (split: Shown) => boolean): Promise<Shown> =>
  waitFor(
    async () => {
      const split = await shown(key);
      return is(split) ? split : null;
    },
    { timeoutMs: 20_000, what },
  );
/** What was verified is in the tables of usage. */
const counted = (key: MadeKey, requests: number): Promise<unknown> =>
  waitFor(
    () =>
      asPlatform(stage.app.database, async (sql) => {
        const text = `SELECT (SELECT coalesce(sum(stands_for), 0) FROM usage_event WHERE key_id = $1) AS events,
          (SELECT coalesce(sum(requests), 0) FROM usage_day WHERE key_id = $1) AS requests`;
        const { rows } = await sql.query<{ events: string; requests: string }>(text, [key.id]);
        return Number(rows[0]?.events) === requests && Number(rows[0]?.requests) === requests;
      }),
    { timeoutMs: 20_000, what: "usage that is counted" },
  );
const auditOf = async (key: MadeKey): Promise<readonly string[]> => {
  const { data } = succeeded(await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${key.id}&limit=100`)).body;
  return data.map(({ action }) => action).filter((action) => action.startsWith("split"));
};
const vaulted = (at: string) =>
  waitFor(async () => (vault.read(at)?.secret ?? null) as string | null, { what: `a secret at ${at}` });

describe("one shared key, from beginning to end:", () => {
  let key: MadeKey;
  let [own, importers] = ["", ""];

  test("its callers are found in traffic, with what they need, and people say who they are", async () => {
    key = await shared();
    for (const parts of [REPORTS, REPORTS, { ...REPORTS, path: "/contacts/17" }, IMPORTER])
      expect(await call(key.secret, parts)).toBe(true);
    await counted(key, 4);

    const begun = await start(key);
    expect(begun.status).toBe(201);
    const found = await shown(key);
    expect(found.callers).toMatchObject([
      {
        ...{
          name: "python-requests-198-51-100-0",
          progress: "waiting",
          found: true,
          requests: 1,
          requests24h: 1,
          key: null,
        },
        suggestion: { tier: null, scopes: ["contacts:write"] },
      },
      {
        ...{ name: "reports-192-0-2-0", progress: "waiting", requests: 3, match: reportsAlone },
        routes: expect.arrayContaining([
          { method: "GET", route: "/contacts" },
          { method: "GET", route: "/contacts/{id}" },
        ]),
        suggestion: { tier: null, scopes: ["contacts:read"] },
      },
    ]);
    expect(found.remaining).toMatchObject({ requests24h: 4, unlisted24h: 0 });
    expect(found.standing.waitingFor).toEqual(["python-requests-198-51-100-0", "reports-192-0-2-0"]);

    // Named by people; what was found of it becomes it.
    const named = await root.put<Shown>(path(key, "/callers/importer"), {
      ...{ match: { agent: "python-requests" }, description: "the nightly import" },
    });
    expect(named.status, named.text).toBe(201);
    const renamed = await shown(key);
    expect(renamed.callers.map(({ name }) => name)).toEqual(["importer", "reports-192-0-2-0"]);
    expect(callerOf(renamed, "importer")).toMatchObject({
      found: false,
      requests: 1,
      description: "the nightly import",
    });
  });

  test("each is given a narrower key with an owner, in a store or in the answer, and one of them alone", async () => {
    const issue = (name: string, body: object) => root.post<Issued & Problem>(path(key, `/callers/${name}/key`), body);
    const reports = await issue("reports-192-0-2-0", {
      ...{ owner: "team:bi", expiresAt: null, deliverTo: { store: "vault", path: "split/reports" } },
    });
    expect(reports.status, reports.text).toBe(201);
    expect(reports.body).toMatchObject({
      ...{ secret: null, handOver: { state: "waiting" } },
      key: { owner: "team:bi", scopes: ["contacts:read"], label: "Everything reports-192-0-2-0", environment: "live" },
    });
    const importer = succeeded(
      await issue("importer", { owner: stage.account.members.developer, expiresAt: null }),
    ).body;
    expect(importer.key).toMatchObject({ scopes: ["contacts:write"], purpose: "the nightly import" });
    expect((await shown(key)).callers.map(({ progress }) => progress)).toEqual(["issued", "issued"]);
    expect(await issue("importer", { owner: "team:bi" })).toMatchObject({
      ...{ status: 409, body: { detail: `The caller importer has a key that works: ${importer.key.id}.` } },
    });
    [own, importers] = [await vaulted("split/reports"), importer.secret ?? ""];
  });

  test("it is revoked a week after it was used last, not a moment earlier, and nobody who has moved is refused", async () => {
    const old = key.secret;
    // Reports has moved as soon as its store had the secret; the importer uses both for a while.
    expect(await call(own, REPORTS)).toBe(true);
    expect(await call(importers, IMPORTER)).toBe(true);
    await later(24 * HOUR);
    const again = clock.wall() - HOUR;
    expect(await call(old, IMPORTER)).toBe(true);
    await counted(key, 5);
    // Till it is looked at again.
    await later(61_000);
    const amid = await reached(key, "the importer to be seen again", (split) => {
      const { progress, lastSeenAt } = callerOf(split, "importer");
      return progress === "moving" && Date.parse(lastSeenAt ?? "") > again;
    });
    expect(callerOf(amid, "reports-192-0-2-0").progress).toBe("moving");
    expect(amid.remaining).toMatchObject({ requests24h: 1, unlisted24h: 0 });
    expect(amid.standing.ready).toBe(false);
    const early = await root.post<Problem>(path(key, "/finish"));
    expect(early).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("importer, reports-192-0-2-0 have not moved") },
    });

    await later(167 * HOUR);
    const almost = await reached(
      key,
      "reports to have moved",
      (split) => callerOf(split, "reports-192-0-2-0").progress === "moved",
    );
    expect(almost).toMatchObject({ split: { state: "open" }, standing: { ready: false, waitingFor: ["importer"] } });
    expect(await call(own, REPORTS)).toBe(true);
    await later(HOUR);
    const over = await reached(key, "the key to be revoked", ({ split }) => split.state === "finished");
    expect(over.split.endedBecause).toBe("quiet");
    expect(succeeded(await root.get<Key>(`/v1/keys/${key.id}`)).body).toMatchObject({
      status: "revoked",
      statusReason: "superseded",
    });
    expect(await call(old, REPORTS)).toBe(false);
    expect(await call(own, REPORTS)).toBe(true);
    expect((await auditOf(key)).toSorted()).toEqual(
      [
        "split-caller.created",
        "split-caller.issued",
        "split-caller.issued",
        "split.finished",
        "split.started",
      ].toSorted(),
    );
  });
});

test("who uses the key for the first time while it is split is a caller too, and keeps it until it has moved or is dropped", async () => {
  const key = await shared();
  succeeded(await start(key, { quietHours: 1 }));
  expect(await shown(key)).toMatchObject({ callers: [], standing: { ready: false, waitingFor: [] } });
  expect(await call(key.secret, REPORTS)).toBe(true);
  await counted(key, 1);
  await later(2 * HOUR);
  const found = await reached(key, "a caller to be found", ({ callers }) => callers.length === 1);
  expect(found.callers).toMatchObject([{ name: "reports-192-0-2-0", found: true, match: reportsAlone, requests: 1 }]);
  await later(500 * HOUR);
  // Looked at again, and still there: nobody has said what becomes of who calls once a month.
  const [before] = await sql("SELECT looked_until FROM key_split WHERE key_id = $1", [key.id]);
  await waitFor(
    async () =>
      (await sql("SELECT 1 FROM key_split WHERE key_id = $1 AND looked_until > $2", [key.id, before?.looked_until]))
        .length > 0,
    { what: "another look" },
  );
  expect(await shown(key)).toMatchObject({ split: { state: "open" }, standing: { waitingFor: ["reports-192-0-2-0"] } });
  const dropped = await root.put<Shown>(path(key, "/callers/reports-192-0-2-0"), {
    match: { agent: "reports" },
    dropped: true,
  });
  expect(dropped.status, dropped.text).toBe(200);
  expect((await shown(key)).callers).toMatchObject([{ progress: "dropped" }]);
  await reached(key, "the key to be revoked", ({ split }) => split.state === "finished");
  expect((await auditOf(key)).toSorted()).toEqual(
    ["split-caller.found", "split-caller.updated", "split.finished", "split.started"].toSorted(),
  );
});

const sql = async (text: string, values: readonly unknown[]): Promise<readonly { readonly looked_until?: Date }[]> =>
  (await asPlatform(stage.app.database, (node) => node.query(text, [...values]))).rows;

test("a key that asks for more than the shared one has is refused, and so is one of which nothing is known", async () => {
  const key = await shared({ scopes: ["contacts:read"], allowedIps: ["192.0.2.0/24"] });
  await call(key.secret, REPORTS);
  await counted(key, 1);
  succeeded(await start(key));
  const issue = (body: object) =>
    root.post<Issued & Problem>(path(key, "/callers/reports-192-0-2-0/key"), { owner: "team:bi", ...body });
  expect(await issue({ scopes: ["contacts:write"] })).toMatchObject({
    ...{
      status: 403,
      body: { code: "GRANT_EXCEEDED", errors: [{ message: "the shared key does not have contacts:write" }] },
    },
  });
  expect(await issue({ tier: "write" })).toMatchObject({ status: 403, body: { code: "GRANT_EXCEEDED" } });
  // All that it has is needed: nothing narrower follows.
  expect(await issue({})).toMatchObject({ status: 400, body: { errors: [{ path: "scopes" }] } });
  expect((await issue({ owner: undefined, scopes: ["contacts:read"] })).status).toBe(400);
  const made = succeeded(await issue({ scopes: ["contacts:read"] })).body;
  expect(made.key).toMatchObject({ allowedIps: ["192.0.2.0/24"], account: stage.account.id });
});

test("one split of a key is open at a time; a cancelled one leaves everything as it is; one ended by hand ends the key", async () => {
  const key = await shared();
  await call(key.secret, REPORTS);
  await counted(key, 1);
  const both = await Promise.all([start(key), start(key)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  const issued = succeeded(
    await root.post<Issued>(path(key, "/callers/reports-192-0-2-0/key"), { owner: "team:bi" }),
  ).body;
  expect((await root.call<Problem>("DELETE", path(key, "/callers/reports-192-0-2-0"))).status).toBe(409);
  expect(
    (await root.put<Problem>(path(key, "/callers/same"), { match: { network: "192.0.2.0/24", agent: "reports" } }))
      .status,
  ).toBe(409);
  expect(succeeded(await root.post<Shown["split"]>(path(key, "/cancel"))).body.state).toBe("cancelled");
  expect((await root.post<Problem>(path(key, "/cancel"))).status).toBe(409);
  expect([await call(key.secret, REPORTS), await call(issued.secret ?? "", REPORTS)]).toEqual([true, true]);

  succeeded(await start(key));
  const done = await root.post<{ split: Shown["split"]; effective: { everywhere: boolean } }>(path(key, "/finish"), {
    early: true,
  });
  expect(done.body).toMatchObject({
    split: { state: "finished", endedBecause: "asked" },
    effective: { everywhere: true },
  });
  expect(await call(key.secret, REPORTS)).toBe(false);
  expect((await start(key)).status).toBe(409);
});

test("a key that is revoked otherwise is split no more; management keys are not split, nor is what is not there", async () => {
  const key = await shared();
  succeeded(await start(key));
  succeeded(await root.post(`/v1/keys/${key.id}/revoke`, { reason: "leaked" }));
  await later(HOUR);
  const over = await reached(key, "the split to end", ({ split }) => split.state === "finished");
  expect(over.split.endedBecause).toBe("key");
  const management = await issueManagementKey(root, ["claviger:keys:read"]);
  expect((await start(management)).status).toBe(409);
  const reader = client(stage.app.url, management.secret);
  expect((await reader.post(path(key))).status).toBe(403);
  expect((await reader.get(path(management))).status).toBe(404);
  const other = await shared();
  expect((await root.get(path(other))).status).toBe(404);
  expect((await root.put(path(other, "/callers/a"), { match: { agent: "a" } })).status).toBe(404);
  expect((await root.put(path(other, "/callers/a"), { match: { agent: "" } })).status).toBe(400);
});
