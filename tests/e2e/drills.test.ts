/** A test rotation and a test revocation leave a dated record, and none of them within the asked days is a finding (D8). */
import { type Api, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AuditEvent, type Key, openStage, type Page, type Problem, type Stage } from "../support/client.ts";
import { runCommand } from "../support/command.ts";
import { asPlatform } from "../support/filler.ts";

interface Drill {
  readonly id: string;
  readonly status: string;
  readonly environment: string;
  readonly startedBy: { readonly type: string; readonly id: string };
  readonly key: string | null;
  readonly steps: readonly { readonly step: string; readonly ok: boolean; readonly detail: string }[];
}
interface Standing {
  readonly overdue: boolean;
  readonly lastPassedAt: string | null;
}

let stage: Stage;
let root: Api;
beforeAll(async () => {
  stage = await openStage({ CLAVIGER_DRILL_DAYS: "7" });
  root = stage.root;
});
afterAll(() => stage.app.stop());

const standing = async () => (await root.get<Standing>("/v1/drills/standing")).body;
const keyOf = async (id: string | null) => succeeded(await root.get<Key>(`/v1/keys/${id}`)).body;
const sql = (text: string, values: readonly unknown[] = []) =>
  asPlatform(stage.app.database, (node) => node.query(text, [...values]));
const lastDrill = async () => (await root.get<Page<Drill>>("/v1/drills?limit=1")).body.data[0];

const STEPS = [
  ...["issue", "accept-first", "rotate", "accept-both", "finish", "refuse-old", "accept-new", "revoke", "refuse-all"],
];

test("the first one is held by itself, and everything in it is as it must be", async () => {
  const drill = await waitFor(
    async () => {
      const found = await lastDrill();
      return found !== undefined && found.status !== "running" ? found : null;
    },
    { timeoutMs: 90_000 },
  );
  expect(drill.steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(drill).toMatchObject({ status: "passed", environment: "dev", startedBy: { type: "system", id: "drills" } });
  expect(drill.steps.map(({ step }) => step)).toEqual(STEPS);
  expect(await keyOf(drill.key)).toMatchObject({ status: "revoked", version: 2, label: `Drill ${drill.id}` });
  expect(await standing()).toMatchObject({ overdue: false, lastPassedAt: expect.any(String) });
}, 120_000);

test("one may be asked for, in any environment; two at the same moment are one", async () => {
  const both = await Promise.all([
    root.post<Drill & Problem>("/v1/drills", { environment: "live" }),
    root.post<Drill & Problem>("/v1/drills", { environment: "live" }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const held = both.find(({ status }) => status === 200)?.body;
  expect(held).toMatchObject({ status: "passed", environment: "live", startedBy: { type: "management-key" } });
  expect((await root.get<Drill>(`/v1/drills/${held?.id}`)).body).toEqual(held);
  const trail = await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${held?.id}`);
  expect(trail.body.data.map(({ action }) => action)).toEqual(["drill.finished", "drill.started"]);
  expect((await root.post<Problem>("/v1/drills", { environment: "moon" })).body.errors).toMatchObject([
    { path: "environment" },
  ]);
});

test("one that fails says where, ends its key all the same, and is no passed one", async () => {
  succeeded(await root.put("/v1/policies/default", { labelPatterns: ["[a-z]+"] }));
  const refused = succeeded(await root.post<Drill>("/v1/drills")).body;
  succeeded(await root.put("/v1/policies/default", {}));
  expect(refused).toMatchObject({ status: "failed", key: null, steps: [{ step: "issue", ok: false }] });
  expect(refused.steps[0]?.detail).toContain("POLICY_VIOLATED");
  // Of two verifications in an hour the second is refused: both versions cannot be accepted, and the key is there by then.
  const limits = [{ name: "one", amount: 1, per: "hour" }];
  succeeded(await root.put("/v1/environments/narrow", { tag: "nrw", class: "staging", limits }));
  const ended = succeeded(await root.post<Drill>("/v1/drills", { environment: "narrow" })).body;
  expect(ended).toMatchObject({ status: "failed", key: expect.stringMatching(/^key_/) });
  expect(ended.steps.at(-1)).toMatchObject({ step: "accept-both", ok: false });
  expect(ended.steps.at(-1)?.detail).toContain("RATE_LIMITED");
  expect(await keyOf(ended.key)).toMatchObject({ status: "revoked" });
  expect((await standing()).overdue).toBe(false);
});

test("one whose process is gone counts as failed, and none within the asked days is a finding", async () => {
  await sql(`INSERT INTO drill (id, environment, status, started_by, started_at, steps)
    VALUES ('drl_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'dev', 'running', '{"type":"system","id":"drills"}', now() - interval '11 minutes', '[]')`);
  expect((await root.post("/v1/drills")).status).toBe(409);
  const gone = await waitFor(
    async () => {
      const { body } = await root.get<Drill>("/v1/drills/drl_01ARZ3NDEKTSV4RRFFQ69G5FAV");
      return body.status === "running" ? null : body;
    },
    { timeoutMs: 90_000 },
  );
  expect(gone).toMatchObject({ status: "failed", steps: [{ ok: false, detail: "its process is gone" }] });
  await sql("UPDATE drill SET finished_at = finished_at - interval '9 days'");
  expect(await standing()).toMatchObject({ overdue: true });
}, 120_000);

test("drills are held and looked at from the command line", async () => {
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const held = JSON.parse((await runCommand(["drills", "start", "--json"], env)).stdout) as Drill;
  expect(held.status).toBe("passed");
  expect((await runCommand(["drills", "list"], env)).stdout).toContain(held.id);
  expect((await runCommand(["drills", "get", held.id], env)).stdout).toContain("refuse-all");
  expect(JSON.parse((await runCommand(["drills", "standing", "--json"], env)).stdout)).toMatchObject({ everyDays: 7 });
});
