// Keys imported by the command line, which is killed in the middle and run again. `node bench/import.ts [keys]`, 100 000 unless told.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { api, type Service } from "@claviger/testkit";
import { type Line, line } from "./goals.ts";
import { machine, printSection } from "./report.ts";
import { ACCOUNTS, makeInstallation } from "./served.ts";

const MAIN = fileURLToPath(new URL("../packages/cli/src/main.ts", import.meta.url));
const NAME = "bench";
/** Keys that are verified afterwards. */
const VERIFIED = 1_000;
const MEGABYTE = 1e6;

const oldKey = (index: number): string =>
  `sk_old_${createHash("sha256").update(`${index}`).digest("hex").slice(0, 40)}`;

/** Every other key is plain, the rest comes as its SHA-256. */
async function writeFileOf(path: string, count: number): Promise<void> {
  const file = createWriteStream(path);
  for (let index = 0; index < count; index += 1) {
    const [key, account] = [oldKey(index), `ext:a${index % ACCOUNTS}`];
    const secret = index % 2 === 0 ? { key } : { sha256: createHash("sha256").update(key).digest("hex") };
    const told = { account, environment: "live", label: `old ${index}`, scopes: ["contacts:read"], ...secret };
    if (!file.write(`${JSON.stringify(told)}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

interface Import {
  readonly lines: number;
  readonly imported: number;
  readonly failed: number;
}

/** Runs the command, and ends it without warning once so many lines are dealt with. Seconds that it took. */
async function runImport(service: Service, managementKey: string, file: string, killAfter: number): Promise<number> {
  const env = { PATH: process.env.PATH ?? "", CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: managementKey };
  const begun = performance.now();
  const child = spawn(process.execPath, [MAIN, "imports", "import", file, "--name", NAME], { env, stdio: "ignore" });
  const root = api(service.url, managementKey);
  const watch = setInterval(async () => {
    const { status, body } = await root.get<Import>(`/v1/imports/ext:${NAME}`);
    if (status === 200 && body.lines >= killAfter) child.kill("SIGKILL");
  }, 500);
  await once(child, "exit");
  clearInterval(watch);
  return (performance.now() - begun) / 1_000;
}

/** Bytes that a process has held at most. Linux alone. */
function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

async function verifiedPerSecond(service: Service, credential: string, count: number): Promise<number> {
  const asker = api(service.url, credential);
  const step = Math.max(1, Math.floor(count / VERIFIED));
  const keys = Array.from({ length: Math.min(VERIFIED, count) }, (_, place) => oldKey(place * step));
  const checks = keys.map((key) => ({ key, scopes: ["contacts:read"] }));
  const ask = () => asker.post<{ results: readonly { code: string }[] }>("/v1/verify/batch", { checks });
  const wrong = (await ask()).body.results.filter(({ code }) => code !== "VALID");
  if (wrong.length > 0) throw new TypeError(`${wrong.length} imported keys do not verify: ${wrong[0]?.code}`);
  const begun = performance.now();
  await ask();
  return keys.length / ((performance.now() - begun) / 1_000);
}

async function measure(count: number): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), "claviger-bench-import-"));
  const installation = await makeInstallation();
  const service = await installation.start();
  try {
    const file = join(folder, "keys.ndjson");
    await writeFileOf(file, count);
    const atRest = peakOf(service.pid);
    const first = await runImport(service, installation.managementKey, file, count / 2);
    const second = await runImport(service, installation.managementKey, file, Number.POSITIVE_INFINITY);
    const root = api(service.url, installation.managementKey);
    const { imported, failed, lines } = (await root.get<Import>(`/v1/imports/ext:${NAME}`)).body;
    if (imported !== count || failed !== 0 || lines !== count)
      throw new TypeError(`of ${count} lines ${lines} are dealt with, ${imported} imported, ${failed} failed`);
    const peak = peakOf(service.pid);
    const rate = await verifiedPerSecond(service, installation.credential, count);
    return [
      line("imported, the command killed half-way", "keys/s", count / (first + second)),
      line("the whole import", "s", first + second),
      line("memory of the node at most, before it", "MB", atRest / MEGABYTE),
      line("memory of the node at most, with it", "MB", peak / MEGABYTE),
      line("imported keys verified by the thousand", "keys/s", rate),
    ];
  } finally {
    await service.stop();
    await installation.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

const count = Number(process.argv[2] ?? 100_000);
process.stdout.write(`${machine()}\n`);
printSection({ title: `An import of ${count} keys`, lines: await measure(count) });
