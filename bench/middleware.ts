// What each middleware costs its framework: the same route without one, with one that does nothing, and with ours, on one core. By itself: `node bench/middleware.ts`.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ClusterStage, openCluster } from "./cluster-stage.ts";
import { type Line, line } from "./goals.ts";
import { ratios, spreadOf } from "./measure.ts";
import { descendantsOf, pin } from "./processes.ts";
import { machine, printSection, type Section } from "./report.ts";
import { LOAD_CORE, type LoadResult, runLoad, SERVER_CORE, whatIsMissing } from "./wrk.ts";

const FRAMEWORKS = { express: "Express", fastify: "Fastify", hono: "Hono on node:http", node: "node:http" } as const;
type Framework = keyof typeof FRAMEWORKS;
const KEYS = 200;
const ROUNDS = 9;
/** Before them, until what is run often is compiled: the compiler's threads share the core. */
const WARM_ROUNDS = 5;
const SECONDS = 1;
/** Long, because the node shares a core with the load: a verifier whose lease lapses again and again asks for each verdict. */
const TERM_MS = 30_000;
const WITHIN_MS = 10_000;
/** Of the requests in a second without it. */
const GOAL = 0.95;
const TITLE = `Middlewares: the requests of one route, without and with its key checked in the same process, ${KEYS} keys`;

interface Served {
  readonly url: string;
  readonly pid: number;
  readonly process: ChildProcess;
}

export async function middlewareSections(): Promise<Section[]> {
  const missing = whatIsMissing();
  if (missing !== null)
    return [{ title: TITLE, lines: [line(`not measured; needs ${missing}`, "", Number.NaN, { atLeast: 1 })] }];
  const stage = await openCluster(1, TERM_MS);
  const home = await mkdtemp(join(tmpdir(), "claviger-bench-"));
  try {
    for (const node of stage.nodes) for (const pid of [node.pid, ...descendantsOf(node.pid)]) pin(pid, LOAD_CORE);
    const lines: Line[] = [];
    for (const framework of Object.keys(FRAMEWORKS) as Framework[])
      lines.push(...(await compare(stage, framework, home)));
    return [{ title: TITLE, lines }];
  } finally {
    await rm(home, { recursive: true, force: true });
    await stage.stop();
  }
}

async function compare(stage: ClusterStage, framework: Framework, home: string): Promise<Line[]> {
  const { credential, nodes } = stage;
  const options = { url: nodes[0]?.url, credential, environment: "live", mode: "local", termMs: TERM_MS };
  const served = {
    open: await serve(framework, null),
    empty: await serve(framework, "empty"),
    guarded: await serve(framework, options),
  };
  const kinds = Object.keys(served) as (keyof typeof served)[];
  try {
    const results = { open: [] as LoadResult[], empty: [] as LoadResult[], guarded: [] as LoadResult[] };
    const requests = await writeRequests(stage, join(home, `${framework}.requests`), served.guarded.url);
    for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
      for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
        const { url, pid } = served[kind];
        const result = runLoad({ pid, url: `${url}/contacts`, requests, seconds: SECONDS, seed: 1000 + round });
        if (round >= 0) results[kind].push(result);
      }
    }
    const rates = (kind: keyof typeof results): number[] =>
      results[kind].map(({ perProcessorSecond }) => perProcessorSecond);
    const compared = (name: string, kind: keyof typeof results, goal: Line["goal"]): Line => ({
      ...{ name, figure: spreadOf(rates(kind)), unit: "requests/s", against: "× without", goal },
      ratio: spreadOf(ratios(rates(kind), rates("open"))),
    });
    const name = FRAMEWORKS[framework];
    return [
      compared(name, "open", null),
      compared(`${name}, with a middleware that does nothing`, "empty", null),
      compared(`${name}, with its middleware`, "guarded", { of: "ratio", atLeast: GOAL }),
    ];
  } finally {
    for (const kind of kinds) served[kind].process.kill();
  }
}

async function serve(framework: Framework, options: object | "empty" | null): Promise<Served> {
  const script = fileURLToPath(new URL("guarded.ts", import.meta.url));
  const settings = JSON.stringify({ framework, options });
  const child = spawn(process.execPath, [script, settings], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const pid = child.pid ?? 0;
  pin(pid, SERVER_CORE);
  return { process: child, pid, url: `http://127.0.0.1:${port.toString().trim()}` };
}

/** The same requests for both; that each is let through is seen first. */
async function writeRequests(stage: ClusterStage, file: string, url: string): Promise<string> {
  const keys = await stage.issue(KEYS);
  for (const { secret } of keys) {
    const headers = { authorization: `Bearer ${secret}`, connection: "close" };
    const { status } = await fetch(`${url}/contacts`, { headers, signal: AbortSignal.timeout(WITHIN_MS) });
    if (status !== 200) throw new TypeError(`a valid key was answered ${status}`);
  }
  const { status } = await fetch(`${url}/contacts`, {
    headers: { connection: "close" },
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  if (status !== 401) throw new TypeError(`no key was answered ${status}`);
  const { host } = new URL(url);
  const request = (secret: string) =>
    `GET /contacts HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${secret}\r\n\r\n\0`;
  await writeFile(file, keys.map(({ secret }) => request(secret)).join(""));
  return file;
}

if (import.meta.main) {
  process.stdout.write(`${machine()}\n`);
  for (const section of await middlewareSections()) printSection(section);
}
