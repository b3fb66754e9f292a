/** A service on its embedded database, killed again and again while it works, and asked afterwards for all that it had acknowledged. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { api, makeAccount, makeScopes, type SeededRandom, type Service, waitFor } from "@claviger/testkit";
import { expect } from "vitest";
import { expectKept, type Life, startActs } from "./acts.ts";
import { runCommand } from "./command.ts";

/** Who is killed. The service ends by itself when its database has. */
const VICTIMS = ["service", "database", "both at once"] as const;
/** Acts between two kills at most. */
const MOST_ACTS = 250;
/** A round looks at the keys of this one and at so many earlier ones; the end looks at all. */
const EARLIER = 40;

export interface Killed {
  readonly keys: number;
  readonly acts: number;
}

/** Kills `rounds` times, each after a random number of acts; `downAndUp` takes the service away and has it back. */
export async function killUnderLoad(
  service: Service,
  random: SeededRandom,
  rounds: number,
  downAndUp: (service: Service, round: number) => Promise<void> = killAndRestart,
): Promise<Killed> {
  const root = () => api(service.url, service.managementKey);
  await makeScopes(root());
  const account = (await makeAccount(root())).id;
  const lives: Life[] = [];
  let done = 0;
  for (let round = 0; round < rounds; round += 1) {
    const acts = startActs(root(), account, random);
    const goal = 1 + random.int(MOST_ACTS);
    await waitFor(() => acts.acknowledged() >= goal, { timeoutMs: 60_000, what: `${goal} acts` });
    // Copied now: what is acknowledged from here on may be known to its caller after the moment that counts.
    await downAndUp(service, round);
    await acts.end();
    done += acts.acknowledged();
    const earlier = Array.from({ length: Math.min(EARLIER, lives.length) }, () => random.pick(lives));
    lives.push(...acts.lives);
    await expectKept(root(), [...acts.lives, ...earlier]);
    await expectChainWhole(service);
  }
  await expectKept(root(), lives);
  return { keys: lives.length, acts: done };
}

async function killAndRestart(service: Service, round: number): Promise<void> {
  const victim = VICTIMS[round % VICTIMS.length];
  if (victim !== "service") process.kill(await databaseOf(service), "SIGKILL");
  if (victim === "database") await ended(service);
  else await service.kill9();
  await service.restart();
}

async function databaseOf({ dataDir }: Service): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8"), 10);
}

async function ended(service: Service): Promise<void> {
  const { pid } = service;
  await waitFor(() => !isAlive(pid), { timeoutMs: 15_000, what: "the service to end after its database" });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The whole audit chain, with its end compared with the anchor outside the database. */
export async function expectChainWhole(service: Service): Promise<void> {
  const { stdout } = await runCommand(["audit", "verify", "--json"], { CLAVIGER_DATA_DIR: service.dataDir });
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, anchor: "checked" });
}
