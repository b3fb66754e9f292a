// What very many verifiers cost their node, and forged keys a verifier. By itself: `node bench/verifiers.ts`.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { makeKey } from "@claviger/core";
import { createVerifier } from "@claviger/sdk";
import type { MadeKey } from "@claviger/testkit";
import { type ClusterStage, openCluster } from "./cluster-stage.ts";
import { type Line, line } from "./goals.ts";
import { memoryOf, processorSeconds } from "./processes.ts";
import { machine, printSection, type Section } from "./report.ts";

/** The verifiers are connected to the first; the acts come in by the second. */
const NODES = 2;
const TERM_MS = 5_000;
const CROWDS = [200, 1_000];
const IDLE_MS = 10_000;
const CHANGES = { perSecond: 100, ms: 10_000, keys: 100 };
const FORGED = 100_000;
const GOALS = { stallMs: 50, upstream: 0 };

export async function verifierSections(): Promise<Section[]> {
  const stage = await openCluster(NODES, TERM_MS);
  try {
    return [
      await crowdSection(stage),
      { title: `A verifier in this process, ${FORGED} keys`, lines: await forgedLines(stage) },
    ];
  } finally {
    await stage.stop();
  }
}

async function crowdSection(stage: ClusterStage): Promise<Section> {
  const { url = "", pid = 0 } = stage.nodes[0] ?? {};
  const crowd = spawnCrowd({ url, credential: stage.credential, termMs: TERM_MS });
  const keys = await stage.issue(CHANGES.keys);
  const lines: Line[] = [];
  try {
    const alone = await idle(pid);
    lines.push(line("no verifier: processor time", "ms a second", alone.processorMs));
    for (const count of CROWDS) {
      await crowd.grow(count);
      const { processorMs, rss } = await idle(pid);
      lines.push(
        line(`${count} that hold leases: processor time`, "ms a second", processorMs),
        line(`${count} that hold leases: memory of each`, "kB", (rss - alone.rss) / count / 1000),
      );
      const changed = await change(stage, keys, url);
      lines.push(
        line(`${count}, changes in a second`, "", changed.perSecond, { atLeast: CHANGES.perSecond * 0.9 }),
        line(`${count}, longest stall of the node's loop`, "ms", changed.stallMs, { atMost: GOALS.stallMs }),
      );
    }
  } finally {
    await crowd.end();
  }
  return { title: `Verifiers of one node, a lease of ${TERM_MS} ms, and ${CHANGES.perSecond} changes a second`, lines };
}

async function idle(pid: number): Promise<{ readonly processorMs: number; readonly rss: number }> {
  const before = processorSeconds(pid);
  await pass(IDLE_MS);
  return { processorMs: ((processorSeconds(pid) - before) * 1e6) / IDLE_MS, rss: memoryOf(pid).rss };
}

/** Suspends and resumes keys at that rate, by the other node, and looks at the loop of the node that must tell everybody. */
async function change(
  stage: ClusterStage,
  keys: readonly MadeKey[],
  url: string,
): Promise<{ readonly perSecond: number; readonly stallMs: number }> {
  await longestStall(url);
  const open = new Set<Promise<void>>();
  const every = 1000 / CHANGES.perSecond;
  const began = performance.now();
  let done = 0;
  const act = async (turn: number): Promise<void> => {
    const path = `/v1/keys/${keys[turn % keys.length]?.id}`;
    const suspends = Math.floor(turn / keys.length) % 2 === 0;
    const api = stage.on(1);
    const answer = await (suspends
      ? api.post(`${path}/suspend`, { reason: "a benchmark" })
      : api.post(`${path}/resume`));
    if (answer.status !== 200) throw new TypeError(JSON.stringify(answer.body));
    done += 1;
  };
  for (let turn = 0; performance.now() - began < CHANGES.ms; turn += 1) {
    const acting = act(turn).finally(() => open.delete(acting));
    open.add(acting);
    // No more of them than keys are under way, so that none meets itself.
    if (open.size >= keys.length / 2) await Promise.race(open);
    const ahead = began + (turn + 1) * every - performance.now();
    if (ahead > 0) await pass(ahead);
  }
  const perSecond = (done * 1000) / (performance.now() - began);
  const stallMs = await longestStall(url);
  await Promise.all(open);
  return { perSecond, stallMs };
}

/** Since it was asked the last time. */
async function longestStall(url: string): Promise<number> {
  return (await metric(url, "nodejs_eventloop_lag_max_seconds")) * 1000;
}

/** The sum over all labels. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: "close" } })).text();
  const found = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"))];
  return found.reduce((sum, [, value]) => sum + Number(value), 0);
}

async function forgedLines(stage: ClusterStage): Promise<Line[]> {
  const url = stage.nodes[0]?.url ?? "";
  const lookUps = (): Promise<number> => metric(url, "claviger_verifier_lookups_total");
  const verifier = await createVerifier({ url, credential: stage.credential, environment: "live", mode: "local" });
  try {
    const forged = Array.from({ length: FORGED }, forge);
    const before = await lookUps();
    let waited = 0;
    for (const key of forged) {
      const answer = verifier.verify(key);
      if (answer instanceof Promise) {
        waited += 1;
        await answer;
      } else if (answer.valid) throw new TypeError("a forged key was accepted");
    }
    const [genuine] = await stage.issue(1);
    const asked = await lookUps();
    const accepted = await verifier.verify(genuine?.secret ?? "");
    if (!accepted.valid || (await lookUps()) === asked) throw new TypeError("look-ups are not counted");
    return [
      line("well-formed and forged: answered by a node", "", waited, { atMost: GOALS.upstream }),
      line("look-ups that the node counted meanwhile", "", asked - before, { atMost: GOALS.upstream }),
    ];
  } finally {
    await verifier.close();
  }
}

/** A key of this platform's form with a right checksum, whose tag is by another key. */
function forge(): string {
  return makeKey({
    ...{ prefix: "clv", tag: "live", tagKey: new Uint8Array(32).fill(1) },
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    sha256: (data) => hash("sha256", data, "buffer"),
  });
}

interface Crowd {
  /** Returns once so many hold a lease. */
  grow(count: number): Promise<void>;
  end(): Promise<void>;
}

function spawnCrowd(settings: object): Crowd {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [fileURLToPath(new URL("crowd.ts", import.meta.url)), JSON.stringify(settings)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const gone = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    grow: async (count) => {
      child.stdin.write(`${JSON.stringify({ count })}\n`);
      const told = await lines.next();
      if (told.done === true) throw new TypeError("the verifiers ended");
    },
    end: async () => {
      child.stdin.end();
      await gone;
    },
  };
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  process.stdout.write(`${machine()}\n`);
  for (const section of await verifierSections()) printSection(section);
}
