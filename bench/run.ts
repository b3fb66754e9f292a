// Every figure about speed and memory, beside its baseline, in one run. `--check` ends with 1 where a goal is missed;
// `--sections=memory,http`, `--rounds=n` (at least 7), `--keys=1000,100000` and `--bulk-keys=n` change how much is measured.
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bulkSections } from "./bulk.ts";
import { bulkRevokeSection } from "./bulk-revoke.ts";
import { type Line, line, meets, verifyLines } from "./goals.ts";
import { httpSections } from "./http.ts";
import { installPeers } from "./install.ts";
import { spreadOf } from "./measure.ts";
import type { Memory } from "./memory.ts";
import { middlewareSections } from "./middleware.ts";
import { betterAuth } from "./peers.ts";
import { machine, printSection, type Section } from "./report.ts";
import { revocationSections } from "./revocation.ts";
import { verifierSections } from "./verifiers.ts";

const TURNS = 8;
const MILLION = 1_000_000;

function child<T>(script: string, flags: readonly string[], args: readonly (string | number)[]): T {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const output = execFileSync(process.execPath, [...flags, path, ...args.map(String)], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as T;
}

/** Keys that the peer that keeps state is given: it takes a millisecond to make one. */
const PEER_KEYS = 1_000;

async function verification(count: number, rounds: number): Promise<Line[]> {
  const flags = ["--max-old-space-size=6144"];
  const { timings } = child<{ readonly timings: [string, number[]][] }>("in-process.ts", flags, [count, rounds, TURNS]);
  const times = new Map(timings);
  if (count === PEER_KEYS) times.set("better-auth", await betterAuth(PEER_KEYS, rounds, 200));
  return verifyLines(count, times);
}

function memory(): Line[] {
  const ofTable = (perAccount: number): Memory => child("memory.ts", ["--expose-gc"], ["table", MILLION, perAccount]);
  const runs = [ofTable(10), ofTable(10), ofTable(10)];
  const map = child<Memory>("memory.ts", ["--expose-gc"], ["map", MILLION]);
  const alone = ofTable(1);
  const median = (pick: (run: Memory) => number): number => spreadOf(runs.map(pick)).median;
  return [
    line(
      "the table, ten keys an account",
      "B a key",
      median(({ bytesPerKey }) => bytesPerKey),
      { atMost: 150 },
    ),
    line("the table, an account for each key", "B a key", alone.bytesPerKey),
    line("a Map of objects", "B a key", map.bytesPerKey),
    line(
      "full collection, the table",
      "ms",
      median(({ fullGcMs }) => fullGcMs),
    ),
    line("full collection, an account for each key", "ms", alone.fullGcMs),
    line("full collection, a Map of objects", "ms", map.fullGcMs),
    line(
      "full collection, no keys",
      "ms",
      median(({ emptyGcMs }) => emptyGcMs),
    ),
    line(
      "longest insertion but ten",
      "ms",
      median(({ worstPutMs }) => worstPutMs[0]),
    ),
    line(
      "longest insertion, with the engine's pauses",
      "ms",
      median(({ worstPutMs }) => worstPutMs[1]),
    ),
    line(
      "drop an account",
      "ms",
      median(({ dropMs }) => dropMs[0]),
    ),
    line(
      "drop what all keys depend on",
      "ms",
      median(({ dropMs }) => dropMs[1]),
    ),
  ];
}

interface Asked {
  readonly rounds: number;
  readonly keys: readonly number[];
  readonly bulkKeys: number;
}

/** Keys that one act ends. */
const ENDED = 10_000;

/** What can be measured, in this order; each part is begun when the one before has been shown. */
const PARTS = {
  verify: async ({ keys, rounds }) => {
    const sections: Section[] = [];
    for (const count of keys) {
      const lines = await verification(count, rounds);
      sections.push({ title: `One verification, ${count.toLocaleString("en")} keys`, lines });
    }
    return sections;
  },
  noting: ({ rounds }) => [
    { title: "What is recorded of one verification: cost without, and added", lines: child("noting.ts", [], [rounds]) },
  ],
  memory: () => [{ title: "Memory at a million keys (heap and external, after collection)", lines: memory() }],
  http: () => httpSections(),
  revocation: () => revocationSections(),
  verifiers: () => verifierSections(),
  middleware: () => middlewareSections(),
  bulk: async ({ bulkKeys }) => [...(await bulkSections(bulkKeys)), await bulkRevokeSection(ENDED)],
} satisfies Record<string, (asked: Asked) => Section[] | Promise<Section[]>>;

function readArguments() {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      rounds: { type: "string", default: "9" },
      keys: { type: "string", default: "1000,100000,1000000" },
      "bulk-keys": { type: "string", default: String(MILLION) },
      sections: { type: "string", default: Object.keys(PARTS).join(",") },
    },
  });
  const asked: Asked = {
    rounds: Math.max(7, Number(values.rounds)),
    keys: values.keys.split(",").map(Number),
    bulkKeys: Number(values["bulk-keys"]),
  };
  const sections = values.sections.split(",");
  const unknown = sections.find((name) => !(name in PARTS));
  if (unknown !== undefined) throw new TypeError(`--sections are some of ${Object.keys(PARTS).join(", ")}`);
  const numbers = [asked.rounds, asked.bulkKeys, ...asked.keys];
  if (numbers.some((each) => !Number.isInteger(each) || each < 1)) throw new TypeError("rounds and keys are numbers");
  return { check: values.check, asked, sections: sections as (keyof typeof PARTS)[] };
}

async function main(): Promise<void> {
  const { check, asked, sections } = readArguments();
  installPeers();
  process.stdout.write(`${machine()}\nload before: ${loadavg()[0]?.toFixed(1)}\n`);
  process.stdout.write("interleaved rounds, keys in random order; median (least–greatest round)\n");
  const lines: Line[] = [];
  for (const name of sections) {
    for (const section of await PARTS[name](asked)) {
      printSection(section);
      lines.push(...section.lines);
    }
  }
  process.stdout.write(`\nload after: ${loadavg()[0]?.toFixed(1)}\n`);
  const missed = lines.filter((each) => !meets(each)).length;
  process.stdout.write(missed === 0 ? "all goals met\n" : `${missed} goals missed\n`);
  if (check && missed > 0) process.exitCode = 1;
}

await main();
