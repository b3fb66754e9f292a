// How long an act that takes something away takes, over three nodes and eight programs that verify. By itself: `node bench/revocation.ts`.
import { type VerifierProcess, verifierProcess, waitFor } from "@claviger/testkit";
import { type ClusterStage, openCluster } from "./cluster-stage.ts";
import { type Line, line } from "./goals.ts";
import { spreadOf } from "./measure.ts";
import { machine, printSection, type Section } from "./report.ts";

const NODES = 3;
const VERIFIERS = 8;
const TERM_MS = 2_000;
const REVOCATIONS = 200;
const FROZEN = 5;
const GOALS = { p99Ms: 50, frozen: 1.25 };

interface Revocation {
  /** Of the whole call. */
  readonly ms: number;
  readonly waitedMs: number;
  readonly verifiers: number;
}

export async function revocationSections(): Promise<Section[]> {
  const stage = await openCluster(NODES, TERM_MS);
  const verifiers: VerifierProcess[] = [];
  try {
    for (let index = 0; index < VERIFIERS; index += 1) verifiers.push(await startVerifier(stage, index));
    const healthy: Revocation[] = [];
    for (const key of await accepted(stage, verifiers, REVOCATIONS))
      healthy.push(await revoke(stage, key, healthy.length));
    const frozen: Revocation[] = [];
    for (const key of await accepted(stage, verifiers, FROZEN)) {
      // Another each time: one that lapses again and again is lent no more leases for a while.
      const verifier = verifiers[frozen.length];
      verifier?.signal("SIGSTOP");
      frozen.push(await revoke(stage, key, 1));
      verifier?.signal("SIGCONT");
      await all(stage);
    }
    return [{ title: titleOf(), lines: linesOf(healthy, frozen) }];
  } finally {
    for (const verifier of verifiers) await verifier.end();
    await stage.stop();
  }
}

function titleOf(): string {
  return `Revocation: ${NODES} nodes, ${VERIFIERS} programs that verify, a lease of ${TERM_MS} ms; ${REVOCATIONS} calls, one after the other`;
}

function linesOf(healthy: readonly Revocation[], frozen: readonly Revocation[]): Line[] {
  const least = Math.min(...healthy.map(({ verifiers }) => verifiers));
  const quantile = (values: readonly number[], share: number): number =>
    values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
  const of = (read: (each: Revocation) => number, share: number): number => quantile(healthy.map(read), share);
  const waited = frozen.map(({ waitedMs }) => waitedMs / TERM_MS);
  return [
    line("verifiers that each call waited for, at least", "", least, { atLeast: VERIFIERS }),
    line(
      "the whole call, median",
      "ms",
      of(({ ms }) => ms, 0.5),
    ),
    line(
      "the whole call, 99th percentile",
      "ms",
      of(({ ms }) => ms, 0.99),
      { atMost: GOALS.p99Ms },
    ),
    line(
      "its wait for everybody, median",
      "ms",
      of(({ waitedMs }) => waitedMs, 0.5),
    ),
    line(
      "its wait for everybody, 99th percentile",
      "ms",
      of(({ waitedMs }) => waitedMs, 0.99),
    ),
    {
      ...{ name: `its wait with one verifier frozen, ${FROZEN} calls`, figure: spreadOf(waited), unit: "× the lease" },
      ...{ ratio: null, against: "", goal: { of: "figure", atMost: GOALS.frozen } },
    },
  ];
}

function startVerifier({ nodes, credential }: ClusterStage, index: number): Promise<VerifierProcess> {
  const urls = nodes.map((_, place) => nodes[(index + place) % nodes.length]?.url ?? "");
  return verifierProcess({
    options: { url: urls, credential, environment: "live", mode: "local", termMs: TERM_MS, startTimeoutMs: 60_000 },
  });
}

/** New keys, each accepted by every verifier, so that each holds it. */
async function accepted(
  stage: ClusterStage,
  verifiers: readonly VerifierProcess[],
  count: number,
): Promise<{ readonly id: string }[]> {
  const keys = await stage.issue(count);
  for (const verifier of verifiers) {
    const codes = await verifier.ask<string[]>({ do: "verify", keys: keys.map(({ secret }) => secret) });
    if (codes.some((code) => code !== "VALID")) throw new TypeError(`a key is not accepted: ${codes.join(" ")}`);
  }
  await all(stage);
  return keys;
}

/** Returns once every verifier holds a lease. */
async function all(stage: ClusterStage): Promise<void> {
  const [probe] = await stage.issue(1);
  await waitFor(async () => (await revoke(stage, probe ?? { id: "" }, 0)).verifiers === VERIFIERS, {
    ...{ timeoutMs: 60_000, everyMs: 100, what: "every verifier to hold a lease" },
  });
}

async function revoke(stage: ClusterStage, { id }: { readonly id: string }, via: number): Promise<Revocation> {
  const began = performance.now();
  const answer = await stage
    .on(via % NODES)
    .post<{ effective: { waitedMs: number; verifiers: number; everywhere: boolean } }>(`/v1/keys/${id}/revoke`, {
      reason: "leaked",
    });
  const ms = performance.now() - began;
  if (answer.status !== 200 || !answer.body.effective.everywhere) throw new TypeError(JSON.stringify(answer.body));
  return { ms, waitedMs: answer.body.effective.waitedMs, verifiers: answer.body.effective.verifiers };
}

if (import.meta.main) {
  process.stdout.write(`${machine()}\n`);
  for (const section of await revocationSections()) printSection(section);
}
