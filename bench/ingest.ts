// Uses written into PostgreSQL: raw events and counts, and what they take on disk. `node bench/ingest.ts [events] [keys]`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { UseBatch, UseCell, UseDetail } from "@claviger/core";
import { createLogger, systemClock, systemRandom } from "@claviger/server";
import { putAccount } from "../packages/server/src/modules/accounts/index.ts";
import { putScope } from "../packages/server/src/modules/catalogue/index.ts";
import { createKeys } from "../packages/server/src/modules/keys/index.ts";
import { createCountries, postgresEvents, UsageWriter } from "../packages/server/src/modules/traffic/index.ts";
import { ACTING, type BulkStage, openStage } from "./bulk-stage.ts";
import { type Line, line } from "./goals.ts";
import { descendantsOf, endedSeconds, processorSeconds } from "./processes.ts";
import { machine, printSection } from "./report.ts";

const EVENTS = 1_000_000;
const KEYS = 10_000;
/** Events of one flush of a verifier, all of them with their details, and flushes that are under way at once. */
const FLUSH = 2_000;
const LANES = 24;
const AUTHORITY = { keyId: "key_bench", scopes: new Set<string>(), expiresAt: null };
const AGENTS = ["curl/8.5.0", "python-requests/2.31.0", "Go-http-client/2.0", "axios/1.7.2"];

/** Half of all uses are of a hundredth of the keys; each key has its own two networks and agent. */
function makeBatch(keys: readonly string[], at: number): UseBatch {
  const cells: UseCell[] = [];
  const places = new Map<string, number>();
  const details: UseDetail[] = [];
  const words = new Uint32Array(Uint8Array.from(systemRandom.bytes(FLUSH * 4)).buffer);
  for (const word of words) {
    const busy = (word & 1) === 0;
    const n = (word >>> 8) % (busy ? Math.max(1, keys.length / 100) : keys.length);
    const refused = word % 50 === 0;
    const route = `/r${(word >>> 3) % 5}`;
    const name = `${n} ${route} ${refused} ${(word >>> 1) & 1}`;
    let cell = places.get(name);
    if (cell === undefined) {
      cell = cells.length;
      places.set(name, cell);
      cells.push({
        ...{
          key: keys[n] ?? "",
          version: 1,
          account: "",
          environment: "live",
          code: refused ? "RATE_LIMITED" : "VALID",
        },
        ...{
          method: "GET",
          route,
          path: null,
          scopes: null,
          ip: `81.${n & 255}.${(n >> 8) & 255}.${(word >>> 1) & 1}`,
        },
        ...{ agent: AGENTS[n % 4] ?? "", browser: false, service: "api", merged: false, requests: 0, cost: 0 },
        ...{ firstAt: at, lastAt: at, statuses: [0, 0, 0, 0], durations: { count: 0, totalMs: 0, maxMs: 0 } },
      });
    }
    details.push({ cell, at, cost: 1, requestId: null, status: refused ? 429 : 200, durationMs: (word >>> 20) % 200 });
  }
  const counts = new Array<number>(cells.length).fill(0);
  for (const { cell } of details) counts[cell] = (counts[cell] ?? 0) + 1;
  const summed = cells.map((cell, index) => ({ ...cell, requests: counts[index] ?? 0, cost: counts[index] ?? 0 }));
  return { cells: summed, details, sampledOut: 0, strangers: [] };
}

async function makeKeys({ ports }: BulkStage, count: number): Promise<string[]> {
  const scope = { description: "for a benchmark", tier: "read", sensitive: false, routes: [] } as const;
  await putScope(ports.act, ACTING, "contacts:read", scope);
  for (let n = 0; n < 100; n += 1) await putAccount(ports, ACTING, `ext:a${n}`, { name: `Account ${n}` });
  const keys: string[] = [];
  for (let at = 0; at < count; at += 1_000) {
    const inputs = Array.from({ length: Math.min(1_000, count - at) }, (_, n) => {
      return { account: `ext:a${n % 100}`, environment: "live", label: `key ${at + n}`, scopes: ["contacts:read"] };
    });
    const { value } = await createKeys(ports, ACTING, AUTHORITY, inputs);
    keys.push(...(value ?? []).map(({ key }) => key.id));
  }
  return keys;
}

/** Bytes of all partitions and indexes of a table. */
async function bytesOf(stage: BulkStage, like: string): Promise<number> {
  const rows = await stage.asOwner<{ bytes: string }>([
    `SELECT coalesce(sum(pg_total_relation_size(oid)), 0) AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'claviger'::regnamespace AND relname LIKE '${like}'`,
  ]);
  return Number(rows[0]?.bytes ?? 0);
}

/** What all processes of the embedded PostgreSQL have had of processors, those that have ended as well. */
function databaseSeconds({ dataDir }: BulkStage): number {
  const pid = Number(readFileSync(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8").split("\n")[0]);
  return [pid, ...descendantsOf(pid)].reduce((sum, each) => sum + processorSeconds(each), endedSeconds(pid));
}

async function ingest(stage: BulkStage, events: number, keyCount: number): Promise<Line[]> {
  const keys = await makeKeys(stage, keyCount);
  const logger = createLogger("error");
  const [told, metrics] = [
    { events: 0 },
    { refused: () => undefined, leftOut: () => undefined, lost: () => undefined },
  ];
  const writer = new UsageWriter({
    ...{ database: stage.app.database, clock: systemClock, random: systemRandom, logger, events: postgresEvents },
    countries: createCountries(logger),
    metrics: {
      ...metrics,
      written: (_, written) => {
        told.events += written.events;
      },
    },
  });
  const batches = Array.from({ length: 32 }, () => makeBatch(keys, systemClock.wall()));
  let [sent, most] = [0, 0];
  const lane = async (): Promise<void> => {
    while (sent < events) {
      sent += FLUSH;
      const uses = batches[(sent / FLUSH) % batches.length] as UseBatch;
      const sender = { credential: "bench", environment: "live" };
      await new Promise<void>((resolve, reject) => {
        if (!writer.add(sender, { batch: null, rows: [], uses }, resolve)) reject(new TypeError("too much waits"));
      });
      most = Math.max(most, process.memoryUsage().rss);
    }
  };
  const [began, used, usedThere] = [systemClock.mono(), process.cpuUsage(), databaseSeconds(stage)];
  await Promise.all(Array.from({ length: LANES }, lane));
  // What is acknowledged is written; this ends when it is counted as well.
  await writer.stop();
  const seconds = (systemClock.mono() - began) / 1_000;
  const cpu = process.cpuUsage(used);
  const there = databaseSeconds(stage) - usedThere;
  const millions = told.events / 1e6;
  const counts = await Promise.all(
    ["usage_hour%", "usage_day%", "usage_facet%", "key_source", "key_outcome"].map((like) => bytesOf(stage, like)),
  );
  return [
    line("raw events and counts, one node", "events/s", told.events / seconds, { atLeast: 50_000 }),
    line("processor time of the node", "µs an event", (cpu.user + cpu.system) / told.events),
    line("processor time of PostgreSQL", "µs an event", (there * 1e6) / told.events),
    line("memory of the node, at most", "MB", most / 1e6),
    line(
      "cells of a flush of 2 000 events",
      "",
      batches.reduce((sum, { cells }) => sum + cells.length, 0) / batches.length,
    ),
    line("raw events on disk", "MB a million", (await bytesOf(stage, "usage_event%")) / 1e6 / millions),
    line(`counts of ${keyCount} keys on disk`, "MB", counts.reduce((sum, bytes) => sum + bytes, 0) / 1e6),
  ];
}

const [events = EVENTS, keys = KEYS] = process.argv.slice(2).map(Number);
const stage = await openStage();
try {
  process.stdout.write(`${machine()}\n`);
  printSection({
    title: `Uses written, ${events.toLocaleString("en")} of ${keys} keys`,
    lines: await ingest(stage, events, keys),
  });
} finally {
  await stage.end();
  await stage.remove();
}
