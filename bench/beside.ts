// How long verifications over HTTP take while views are read, an export is made and old usage is dropped. `node bench/beside.ts [rounds]`.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { BulkStage } from "./bulk-stage.ts";
import { type Line, line } from "./goals.ts";
import { spreadOf } from "./measure.ts";
import { machine, printSection } from "./report.ts";
import { type Installation, KEYS, makeInstallation } from "./served.ts";

const ROUNDS = 7;
const PER_SECOND = 400;
const SECONDS = 6;
const OLD_DAYS = 90;
const EVENTS_A_DAY = 10_000;
/** How many times as long the slowest of a hundred may take. */
const MOST = 1.1;

/** Old days full of events, and a month in which each key was used. */
async function prepare(stage: BulkStage): Promise<void> {
  const tables = ["usage_event", "usage_day", "metering"];
  const force = (word: string): string[] => tables.map((table) => `ALTER TABLE ${table} ${word} ROW LEVEL SECURITY`);
  await stage.asOwner([
    ...force("NO FORCE"),
    `SELECT make_usage_partitions(current_date - 100 - d) FROM generate_series(0, ${OLD_DAYS - 1}) d`,
    `INSERT INTO usage_event (at, cost, stands_for, version, browser, key_id, account_id, environment, code, mapped)
      SELECT current_date - 100 - d + interval '1 second' * e, 1, 1, 1, false, 'key_' || e, 'acct_1', 'live', 'VALID', false
      FROM generate_series(0, ${OLD_DAYS - 1}) d CROSS JOIN generate_series(1, ${EVENTS_A_DAY}) e`,
    `INSERT INTO usage_day (key_id, starts_at, route, mapped, method, code, account_id, environment, requests, cost,
        status_2xx, status_3xx, status_4xx, status_5xx, durations, duration_ms, duration_max_ms)
      SELECT id, date_trunc('day', now(), 'UTC'), '/v1/contacts', true, 'GET', 'VALID', account_id, environment, 10, 10, 0, 0, 0, 0, 0, 0, 0
      FROM api_key WHERE kind = 'customer' ORDER BY id`,
    ...force("FORCE"),
  ]);
}

interface Worker {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  say(line: string): void;
  told(): Promise<string>;
}

async function startWork(installation: Installation, url: string): Promise<Worker> {
  const settings = { url, managementKey: installation.managementKey, dataDir: installation.dataDir };
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("beside-work.ts", import.meta.url)), JSON.stringify(settings)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const told = async (): Promise<string> => String((await lines.next()).value);
  if ((await told()) !== "ready") throw new TypeError("the work beside could not be begun");
  return { process: child, told, say: (text) => child.stdin.write(`${text}\n`) };
}

/** Milliseconds of each, from when it was due. Requests are sent at a steady rate, whether those before are answered or not. */
function verifyFor(seconds: number, agent: Agent, { credential, secrets }: Installation, url: string) {
  const times: number[] = [];
  const wrong: number[] = [];
  const headers = { authorization: `Bearer ${credential}`, "content-type": "application/json" };
  const begun = performance.now();
  const count = seconds * PER_SECOND;
  return new Promise<number[]>((resolve, reject) => {
    let sent = 0;
    const send = (due: number): void => {
      const secret = secrets[(sent * 7_919) % secrets.length];
      const body = JSON.stringify({ key: secret, method: "GET", path: "/v1/contacts/4711" });
      const call = request(`${url}/v1/verify`, { agent, method: "POST", headers }, (answer) => {
        if (answer.statusCode !== 200) wrong.push(answer.statusCode ?? 0);
        answer.resume().once("end", () => {
          times.push(performance.now() - due);
          if (times.length < count) return;
          if (wrong.length === 0) resolve(times);
          else reject(new TypeError(`answers were ${[...new Set(wrong)].join(", ")}`));
        });
      });
      call.once("error", reject).end(body);
    };
    const timer = setInterval(() => {
      for (; sent < count && performance.now() >= begun + (sent * 1_000) / PER_SECOND; sent += 1) {
        send(begun + (sent * 1_000) / PER_SECOND);
      }
      if (sent === count) clearInterval(timer);
    }, 1);
  });
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

async function beside(installation: Installation, rounds: number): Promise<Line[]> {
  const service = await installation.start();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const work = await startWork(installation, service.url);
  const alone: number[][] = [];
  const together: number[][] = [];
  let done = "";
  try {
    await verifyFor(SECONDS, agent, installation, service.url);
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await verifyFor(SECONDS, agent, installation, service.url));
      work.say("go");
      together.push(await verifyFor(SECONDS, agent, installation, service.url));
      work.say("rest");
      done = await work.told();
    }
  } finally {
    work.process.kill();
    agent.destroy();
    await service.stop();
  }
  const { views, exports, partitions } = JSON.parse(done) as Record<string, number>;
  if (!views || !exports || !partitions) throw new TypeError(`not everything was done beside: ${done}`);
  const of = (name: string, all: readonly number[][], share: number): Line => ({
    ...{
      name,
      unit: "ms",
      figure: spreadOf(all.map((times) => quantile(times, share))),
      ratio: null,
      against: "",
      goal: null,
    },
  });
  const longer = together.map((times, round) => quantile(times, 0.99) / quantile(alone[round] ?? [], 0.99));
  return [
    of("alone: median", alone, 0.5),
    of("alone: 99th percentile", alone, 0.99),
    of("beside all that: median", together, 0.5),
    {
      ...of("beside all that: 99th percentile", together, 0.99),
      ...{ ratio: spreadOf(longer), against: "× alone", goal: { of: "ratio", atMost: MOST } },
    },
    line("views with their totals, read meanwhile", "", views),
    line("exports of all metering of the month", "", exports),
    line("days of events dropped", "", partitions),
  ];
}

process.stdout.write(`${machine()}\n`);
const installation = await makeInstallation({ prepare, env: { CLAVIGER_USAGE_EVENT_DAYS: "365" } });
try {
  const lines = await beside(installation, Number(process.argv[2] ?? ROUNDS));
  printSection({
    title: `POST /v1/verify, ${PER_SECOND} a second, ${KEYS.toLocaleString("en")} keys: alone, and beside views, an export and retention`,
    lines,
  });
} finally {
  await installation.remove();
}
