/** The disk of a running service becomes full: what was answered is kept, and with room all goes on. Needs root that may mount. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Answer,
  type Api,
  issueKey,
  type MadeAccount,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { client, type Verdict } from "../support/client.ts";

const TERM_MS = 2_000;
const DISK_MB = 300;

let disk: string;
let service: Service;
let root: Api;
let account: MadeAccount;

beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), "claviger-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m,mode=0755`, "none", disk]);
  service = await startService({ dataDir: join(disk, "data"), env: { CLAVIGER_LEASE_MS: String(TERM_MS) } });
  root = client(service.url, service.managementKey);
  await makeScopes(root);
  account = await makeAccount(root);
}, 60_000);
afterEach(async () => {
  await service.stop();
  execFileSync("umount", ["-l", disk]);
  await rm(disk, { recursive: true, force: true });
}, 60_000);

async function fill(): Promise<void> {
  // Whoever writes meanwhile takes the last pages; then this write ends early, and the disk is full all the same.
  const { bavail, bsize } = await statfs(disk);
  await writeFile(join(disk, "filler"), Buffer.alloc(bavail * bsize)).catch(() => undefined);
}

const codeOf = async (key: string): Promise<string> =>
  (await root.post<Verdict>("/v1/verify", { key, environment: "live" })).body.code;
const issue = () =>
  root.post<{ secret: string }>("/v1/keys", {
    ...{ account: account.id, environment: "live", label: "made while the disk is full", purpose: "x".repeat(500) },
    ...{ scopes: ["contacts:read"] },
  });

test("acts are answered 503 and verification goes on; with room everything does, and each key that was issued is valid", async () => {
  const [dead, alive] = [await issueKey(root, account.id), await issueKey(root, account.id)];
  succeeded(await root.post(`/v1/keys/${dead.id}/revoke`, { reason: "leaked" }));
  await fill();
  const issued: string[] = [alive.secret];
  const refused = await waitFor(
    async () => {
      const answer = await issue();
      if (answer.status === 201) issued.push(answer.body.secret);
      return answer.status === 201 ? null : answer;
    },
    { timeoutMs: 30_000, everyMs: 0, what: "an act that finds no room" },
  );
  expect(refused).toMatchObject({ status: 503, body: { code: "UNAVAILABLE" } });
  const statuses = new Set<number>();
  const until = performance.now() + 3 * TERM_MS;
  while (performance.now() < until) {
    statuses.add((await issue()).status);
    expect(await codeOf(dead.secret)).toBe("REVOKED");
    expect(["VALID", "UNAVAILABLE"]).toContain(await codeOf(alive.secret));
  }
  expect([...statuses].filter((status) => status !== 503 && status !== 201)).toEqual([]);
  await rm(join(disk, "filler"));
  issued.push((await waitFor(async () => succeededOrNull(await issue()), { timeoutMs: 20_000 })).secret);
  for (const secret of issued) expect(await codeOf(secret)).toBe("VALID");
  expect(await codeOf(dead.secret)).toBe("REVOKED");
}, 90_000);

const succeededOrNull = <T>({ status, body }: Answer<T>): T | null => (status === 201 ? body : null);
