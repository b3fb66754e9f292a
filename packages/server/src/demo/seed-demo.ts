import type { KeyUse, Secret, UseCell } from "@claviger/core";
import { type Database, openKeyring } from "../db/index.ts";
import type { Acting } from "../kernel/act.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/log.ts";
import { MANAGEMENT_CATALOGUE } from "../kernel/management-catalogue.ts";
import type { Random } from "../kernel/random.ts";
import { type CreatedKey, createKey, ensureRootKey } from "../modules/keys/index.ts";
import { makePastMonths, postgresEvents, writePast, writeUses } from "../modules/traffic/index.ts";
import { cellsOf } from "./day-cells.ts";
import { type Day, daysSince, refusedSince, usesOn } from "./day-traffic.ts";
import { createDraw, type Draw } from "./draw.ts";
import { PastCells } from "./past-cells.ts";
import { DAY_MS, type DemoSize, HISTORY_MS, HOUR_MS, type PlannedCallers, type PlannedKey } from "./plan.ts";
import { planCallers } from "./plan-callers.ts";
import { planDemo } from "./plan-demo.ts";
import { EXAMPLES } from "./plan-keys.ts";
import { type Stage, type Step, stepsOf } from "./steps.ts";
import { openUnserved } from "./unserved.ts";
import { createDayWriter } from "./write-days.ts";

/** For so long it is known when, from where and for what keys were used; before, only how often, and of the oldest not even that. */
const CELLS_FOR_MS = 32 * DAY_MS;
const COUNTED_FOR_MS = 400 * DAY_MS;
/** Cells of long ago that are written at once. */
const PAST_AT_ONCE = 10_000;
/** For so long by the hour, before that by halves of a day: each cell takes its time and its room. */
const FINE_FOR_MS = DAY_MS;
const COARSE_MS = 12 * HOUR_MS;
/** Single verifications of each hour of the last day, at most. */
const DETAILS = 3;

export interface SeedOptions {
  readonly database: Database;
  readonly masterKey: Uint8Array;
  /** Tells when the demo starts; what happened before is put at times before. */
  readonly clock: Clock;
  /** What secrets are made of. */
  readonly random: Random;
  readonly logger: Logger;
  readonly keyPrefix: string;
  /** What to plan; the same gives the same platform, but for its secrets. */
  readonly seed: number;
  /** The first management key, where one is given; else one is made. */
  readonly managementKey: Secret | null;
  /** Default: three hundred members and twelve hundred keys. */
  readonly size?: DemoSize;
  onProgress?(done: number, total: number): void;
}

export interface Seeded {
  /** Null where it was given. */
  readonly managementKey: Secret | null;
  readonly examples: readonly { readonly state: string; readonly secret: Secret }[];
}

/**
 * Fills an empty installation with a platform that has a history of two years, through the acts of the house at the times at which
 * they would have happened, so that rows, audit trail and use agree. Throws what acts throw.
 */
export async function seedDemo(options: SeedOptions): Promise<Seeded> {
  const { database, clock, random, seed, keyPrefix } = options;
  const start = Math.floor(clock.wall() / 1000) * 1000;
  const draw = createDraw(seed);
  const time = { offset: -HISTORY_MS };
  const then: Clock = { wall: () => start + time.offset, mono: () => start + time.offset };
  const idDraw = draw.fork("ids");
  const keyring = await openKeyring(database, options.masterKey, then, random);
  // A crash in the middle makes the whole demo worthless, so nothing of it need reach the disk before the last day's use.
  const hasty: Database = {
    ...database,
    transaction: (reach, work, more) => database.transaction(reach, work, { ...more, durable: false }),
  };
  const ports = openUnserved({
    ...{ database: hasty, keyring, clock: then, random, keyPrefix },
    idRandom: { bytes: (count) => idDraw.bytes(count), uuid: () => random.uuid() },
  });
  const { managementKey, stage } = await openStage(ports, options.managementKey, start);
  const plan = planDemo(seed, options.size);
  const steps = [...stepsOf(plan), ...trafficSteps(options, hasty, plan.keys, draw.fork("traffic"), start)];
  steps.sort((a, b) => a.at - b.at || a.rank - b.rank);
  for (const [index, step] of steps.entries()) {
    time.offset = step.at;
    await step.run(stage);
    if (index % 25 === 0) options.onProgress?.(index, steps.length);
  }
  options.onProgress?.(steps.length, steps.length);
  return { managementKey, examples: EXAMPLES.flatMap((state) => stage.examples.filter((one) => one.state === state)) };
}

/** The first management key, and the one that the platform's backend calls with: most of what happened came from there. */
async function openStage(
  ports: Stage["ports"],
  given: Secret | null,
  start: number,
): Promise<{ managementKey: Secret | null; stage: Stage }> {
  const source = { via: "system", ip: null, userAgent: null, requestId: null } as const;
  const root = await ensureRootKey(ports, { actor: { type: "system", id: "demo" }, source }, given);
  if (root === null) throw new TypeError("the installation to be seeded has a management key already");
  const authority = { keyId: root.key.id, scopes: new Set(MANAGEMENT_CATALOGUE.scopes.keys()), expiresAt: null };
  const acting: Acting<CreatedKey> = { actor: { type: "management-key", id: root.key.id }, source };
  const make = async (label: string, scopes: readonly string[], environment?: string): Promise<string> => {
    const rationale = environment === undefined ? "Issues and ends keys on behalf of accounts" : undefined;
    const done = await createKey(ports, acting, authority, {
      account: "platform",
      label,
      scopes,
      environment,
      rationale,
    });
    return done.value?.key.id ?? root.key.id;
  };
  const backend = await make("Platform backend", ["claviger:*"]);
  await make("API gateway, live", ["verify"], "live");
  await make("API gateway, sandbox", ["verify"], "test");
  const stage: Stage = { ports, start, authority: { ...authority, keyId: backend }, keys: new Map(), examples: [] };
  return { managementKey: root.secret, stage };
}

interface KeyDraws {
  readonly uses: Draw;
  readonly cells: Draw;
  readonly past: Draw;
  readonly callers: PlannedCallers;
}

function drawsOf(draw: Draw, key: PlannedKey, index: number): KeyDraws {
  const uses = draw.fork(String(index));
  return { uses, cells: uses.fork("cells"), past: uses.fork("past"), callers: planCallers(uses.fork("callers"), key) };
}

/** What all keys saw on a day: how much, and of recent days also when, from where and for what. */
function usesOfDay(stage: Stage, keys: readonly PlannedKey[], draws: readonly KeyDraws[], day: Day, past: PastCells) {
  const { start } = stage;
  const rows: KeyUse[] = [];
  const cells: UseCell[] = [];
  const number = Math.floor((start + day.from) / DAY_MS);
  for (const [index, { traffic, environment }] of keys.entries()) {
    const [made, own] = [stage.keys.get(index), draws[index]];
    if (traffic === null || made === undefined || own === undefined) continue;
    const use = usesOn(own.uses, traffic, day, start);
    if (use !== null) rows.push({ key: made.id, version: 1, account: made.account, ...use });
    if (day.to <= -COUNTED_FOR_MS) continue;
    const of = { key: made.id, account: made.account, environment };
    const port = { callers: own.callers, refusedFrom: start + refusedSince(traffic, day) };
    if (day.to <= -CELLS_FOR_MS) {
      cells.push(...past.on(day, number, index, use, of, { ...port, draw: own.past }));
    } else if (use !== null) {
      const slotMs = day.to > -FINE_FOR_MS ? HOUR_MS : COARSE_MS;
      cells.push(...cellsOf({ ...port, draw: own.cells, slotMs }, of, use));
    }
  }
  return { rows, cells };
}

/**
 * Use of keys, written day by day, each day while the acts of the next go on. Each key draws from a sequence of its own. The last step
 * waits for all that is outstanding.
 */
function trafficSteps(
  { database, random, logger }: SeedOptions,
  hasty: Database,
  keys: readonly PlannedKey[],
  draw: Draw,
  start: number,
): Step[] {
  const draws = keys.map((key, index) => drawsOf(draw, key, index));
  const writeDay = createDayWriter({ database: hasty, random, logger }, draw.fork("details"));
  const [past, writePastDay] = [new PastCells(), createPastWriter(hasty, start)];
  let writing: Promise<void> = Promise.resolve();
  const days = daysSince(-HISTORY_MS, start).map(
    (day): Step => ({
      // After everything else that happens in its last second.
      ...{ at: day.to - 1, rank: 9 },
      run: async (stage) => {
        const { rows, cells } = usesOfDay(stage, keys, draws, day, past);
        const target = day.to === 0 ? database : null;
        const at = start + day.to - 1;
        await writing;
        writing =
          day.to <= -CELLS_FOR_MS
            ? writePastDay(rows, cells, day)
            : writeDay({ at, rows, cells, details: day.to === 0 ? DETAILS : 1 }, target);
        // Reported where it is waited for, which another fault may keep from happening.
        writing.catch(() => undefined);
      },
    }),
  );
  return [...days, { at: 0, rank: 9, run: () => writing }];
}

/** Returns a function that records a day of which only counts are left. These are written some days at a time, the last of them at once. */
function createPastWriter(database: Database, start: number) {
  let waiting: UseCell[] = [];
  let hasMonths = false;
  return async (rows: readonly KeyUse[], cells: readonly UseCell[], day: Day): Promise<void> => {
    await writeUses(database, rows, new Date(start + day.to - 1));
    waiting.push(...cells);
    const isLast = day.to + DAY_MS > -CELLS_FOR_MS;
    if (waiting.length === 0 || (waiting.length < PAST_AT_ONCE && !isLast)) return;
    if (!hasMonths) await makePastMonths(database, start - COUNTED_FOR_MS - DAY_MS, start - CELLS_FOR_MS);
    hasMonths = true;
    const written = waiting;
    waiting = [];
    await writePast(database, written);
    // Of these days no single verification is kept.
    for (let more = isLast; more; ) more = (await postgresEvents.drop(database, start - CELLS_FOR_MS)) !== null;
  };
}
