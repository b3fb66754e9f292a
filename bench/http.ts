// The service over HTTP on one core, beside a bare node:http server on the same core. By itself: `node bench/http.ts`.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Service } from "@claviger/testkit";
import { type Line, line } from "./goals.ts";
import { ratios, spreadOf } from "./measure.ts";
import { descendantsOf, memoryOf, pin } from "./processes.ts";
import { machine, printSection, type Section } from "./report.ts";
import { ACCOUNTS, type Installation, KEYS, makeInstallation } from "./served.ts";
import { LOAD_CORE, type LoadResult, runLoad, SERVER_CORE, whatIsMissing } from "./wrk.ts";

const ROUNDS = 7;
const SECONDS = 2;
const BATCH = 100;
const BATCHES = 300;
const STARTS = 3;
const REST_MS = 10_000;
const PATHS = ["/v1/contacts/4711", "/v1/invoices/20260131", "/v1/orders", "/v1/files/a1b2c3"];
const GOALS = { verify: 0.6, authorize: 0.75, batchKeysPerSecond: 600_000, memoryMb: 150 };

/** What is sent, by name, as files of requests; "hello" is sent none, and "alike" is authorize's sent to the bare server. */
type Kind = "hello" | "alike" | "authorize" | "nginx" | "verify" | "batch";
const KINDS: readonly Kind[] = ["hello", "alike", "authorize", "nginx", "verify", "batch"];

export async function httpSections(): Promise<Section[]> {
  const title = "Over HTTP";
  const missing = whatIsMissing();
  if (missing !== null) return [{ title, lines: [notMeasured(`not measured; needs ${missing}`)] }];
  const installation = await makeInstallation();
  try {
    const rest = await atRest(installation);
    const service = await installation.start();
    try {
      return [...(await throughput(installation, service)), ...rest];
    } finally {
      await service.stop();
    }
  } finally {
    await installation.remove();
  }
}

/** A line that misses its goal. */
function notMeasured(name: string): Line {
  return line(name, "", Number.NaN, { atLeast: 1 });
}

async function throughput(installation: Installation, service: Service): Promise<Section[]> {
  const hello = await startHello();
  try {
    pinService(service);
    pin(hello.pid, SERVER_CORE);
    const files = await writeRequests(installation, service.url);
    await warm(installation, service.url);
    const results = new Map<Kind, LoadResult[]>(KINDS.map((kind) => [kind, []]));
    for (let round = -1; round < ROUNDS; round += 1) {
      for (let turn = 0; turn < KINDS.length; turn += 1) {
        const kind = KINDS[(turn + round + 1) % KINDS.length] ?? "hello";
        const { url, pid } = kind === "hello" || kind === "alike" ? hello : service;
        const requests = files.get(kind === "alike" ? "authorize" : kind) ?? null;
        const result = runLoad({ pid, url, requests, seconds: SECONDS, seed: 100 * round + turn + 1000 });
        if (round >= 0) results.get(kind)?.push(result);
      }
    }
    await demandAllValid(service.url, installation);
    return [{ title: titleOf(), lines: linesOf(results) }];
  } finally {
    hello.process.kill();
  }
}

function titleOf(): string {
  const many = `${KEYS.toLocaleString("en")} keys of ${ACCOUNTS.toLocaleString("en")} accounts at random`;
  return `Over HTTP, one core, wrk -c64 and the database on the other, ${many}: in a second of the server's processor time`;
}

function linesOf(results: ReadonlyMap<Kind, readonly LoadResult[]>): Line[] {
  const of = (kind: Kind, read: (result: LoadResult) => number): number[] => (results.get(kind) ?? []).map(read);
  const processor = ({ perProcessorSecond }: LoadResult): number => perProcessorSecond;
  const clock = ({ perSecond }: LoadResult): number => perSecond;
  const compared = (name: string, kind: Kind, rate = processor, atLeast?: number): Line => ({
    ...{ name, figure: spreadOf(of(kind, rate)), unit: "requests/s", against: "× bare node:http" },
    ratio: spreadOf(ratios(of(kind, rate), of("hello", rate))),
    goal: atLeast === undefined ? null : { of: "ratio", atLeast },
  });
  const batch = (name: string, rate = processor, atLeast?: number): Line => ({
    ...{ name, figure: spreadOf(of("batch", rate).map((each) => each * BATCH)), unit: "keys/s", ratio: null },
    ...{ against: "", goal: atLeast === undefined ? null : { of: "figure", atLeast } },
  });
  const slowest = (name: string, kind: Kind): Line =>
    line(name, "ms", spreadOf(of(kind, ({ p99Us }) => p99Us / 1000)).median);
  return [
    compared('bare node:http, "hello"', "hello"),
    compared("bare node:http, with the headers of authorize", "alike"),
    compared("GET /v1/authorize", "authorize", processor, GOALS.authorize),
    compared("GET /v1/authorize?proxy=nginx", "nginx", processor, GOALS.authorize),
    compared("POST /v1/verify, by method and path", "verify", processor, GOALS.verify),
    batch(`POST /v1/verify/batch, ${BATCH} checks`, processor, GOALS.batchKeysPerSecond),
    compared("by the clock: bare node:http", "hello", clock),
    compared("by the clock: GET /v1/authorize", "authorize", clock),
    compared("by the clock: POST /v1/verify", "verify", clock),
    batch("by the clock: POST /v1/verify/batch", clock),
    slowest("99th percentile of answers, bare node:http", "hello"),
    slowest("99th percentile of answers, authorize", "authorize"),
    slowest("99th percentile of answers, verify", "verify"),
  ];
}

/** The service's own process on the servers' core, its database on the other. */
function pinService(service: Service): void {
  pin(service.pid, SERVER_CORE);
  for (const pid of descendantsOf(service.pid)) pin(pid, LOAD_CORE);
}

interface Hello {
  readonly url: string;
  readonly pid: number;
  readonly process: ChildProcess;
}

async function startHello(): Promise<Hello> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("hello.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, pid: child.pid ?? 0, url: `http://127.0.0.1:${port.toString().trim()}` };
}

const checkOf = (secret: string, index: number) => ({
  ...{ key: secret, method: "GET", path: PATHS[index % PATHS.length] },
});

/** Each kind's requests as they go over the wire, in a file. */
async function writeRequests(installation: Installation, url: string): Promise<Map<Kind, string>> {
  const { credential, secrets } = installation;
  const host = `Host: ${new URL(url).host}\r\n`;
  const post = (path: string, body: object): string => {
    const text = JSON.stringify(body);
    const headers = `Authorization: Bearer ${credential}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}`;
    return `POST ${path} HTTP/1.1\r\n${host}${headers}\r\n\r\n${text}`;
  };
  const get = (target: string, pair: string) => (secret: string, index: number) => {
    const headers = `Claviger-Credential: ${credential}\r\nAuthorization: Bearer ${secret}\r\n`;
    const original = `X-${pair}-Method: GET\r\nX-${pair}-Uri: ${PATHS[index % PATHS.length]}\r\n`;
    return `GET ${target} HTTP/1.1\r\n${host}${headers}${original}\r\n`;
  };
  const authorize = secrets.map(get("/v1/authorize", "Forwarded"));
  const nginx = secrets.map(get("/v1/authorize?proxy=nginx", "Original"));
  const verify = secrets.map((secret, index) => post("/v1/verify", checkOf(secret, index)));
  const batch = Array.from({ length: BATCHES }, (_, number) => post("/v1/verify/batch", batchOf(secrets, number)));
  const files = new Map<Kind, string>();
  for (const [kind, requests] of Object.entries({ authorize, nginx, verify, batch }) as [Kind, string[]][]) {
    files.set(kind, await installation.keep(`${kind}.requests`, requests.map((each) => `${each}\0`).join("")));
  }
  return files;
}

/** Keys that are far from each other. */
function batchOf(secrets: readonly string[], number: number): object {
  const at = (place: number): number => (number * 7919 + place * 104_729) % secrets.length;
  return { checks: Array.from({ length: BATCH }, (_, place) => checkOf(secrets[at(place)] ?? "", place)) };
}

/** Much later the server has closed what was kept. */
const ALONE = { connection: "close" };

/** Reads every key into memory, and sees that each is accepted. */
async function warm({ credential, secrets }: Installation, url: string): Promise<void> {
  const headers = { authorization: `Bearer ${credential}`, "content-type": "application/json", ...ALONE };
  for (let from = 0; from < secrets.length; from += 1000) {
    const checks = secrets.slice(from, from + 1000).map(checkOf);
    const answer = await fetch(`${url}/v1/verify/batch`, { method: "POST", headers, body: JSON.stringify({ checks }) });
    const { results } = (await answer.json()) as { results: { valid: boolean }[] };
    if (!results.every(({ valid }) => valid)) throw new TypeError("a key is not accepted");
  }
}

/** By the service's own count, so that no reading of answers slows who sends the requests. */
async function demandAllValid(url: string, { secrets }: Installation): Promise<void> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: ALONE })).text();
  const counts = [...metrics.matchAll(/^claviger_verifications_total\{code="(\w+)"\} (\d+)$/gm)];
  const [only] = counts;
  if (counts.length !== 1 || only?.[1] !== "VALID" || Number(only[2]) < secrets.length)
    throw new TypeError(`not every key was accepted: ${counts.map(([text]) => text).join(", ")}`);
}

/** Starts again and again on the same data, and looks at the memory of a process that has nothing to do. */
async function atRest(installation: Installation): Promise<Section[]> {
  const starts: number[] = [];
  const ofNode: number[] = [];
  const ofDatabase: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const service = await installation.start();
    try {
      starts.push(service.readyMs);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      ofNode.push(memoryOf(service.pid).rss / 1e6);
      const shares = descendantsOf(service.pid).map((pid) => memoryOf(pid).pss);
      ofDatabase.push(shares.reduce((sum, share) => sum + share, 0) / 1e6);
    } finally {
      await service.stop();
    }
  }
  const spread = (name: string, unit: string, values: number[], goal: Line["goal"] = null): Line => ({
    ...{ name, unit, figure: spreadOf(values), ratio: null, against: "", goal },
  });
  return [
    {
      title: `At rest: ${STARTS} starts on the same data, ${REST_MS / 1000} s after each`,
      lines: [
        spread("resident memory of the service", "MB", ofNode, { of: "figure", atMost: GOALS.memoryMb }),
        spread("memory of PostgreSQL, its processes' shares", "MB", ofDatabase),
        spread("from the start of the process to ready", "ms", starts),
      ],
    },
  ];
}

if (import.meta.main) {
  process.stdout.write(`${machine()}\n`);
  for (const section of await httpSections()) printSection(section);
}
