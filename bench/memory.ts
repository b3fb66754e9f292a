// Run by run.ts in a process of its own: what a million keys take, what a full collection costs, and the longest pauses.
import { createKeyTable, type KeyRecord } from "@claviger/core";
import { entryOf, hashOf, type Shared } from "./fixture.ts";

/** Set by --expose-gc. */
declare const gc: () => void;

export interface Memory {
  /** Heap and external memory of the engine, above an empty process's. */
  readonly bytesPerKey: number;
  /** Milliseconds; the medians of seven collections, and what they cost in this process without any keys. */
  readonly fullGcMs: number;
  readonly emptyGcMs: number;
  /** Milliseconds; the longest single insertions: at a thousandth of a percent, and the longest. */
  readonly worstPutMs: readonly [number, number];
  /** Milliseconds to drop an account, and a subject of all keys. */
  readonly dropMs: readonly [number, number];
}

const hold: { kept: unknown } = { kept: null };

function heldBytes(): number {
  for (let i = 0; i < 3; i++) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function gcMs(): number {
  const times = Array.from({ length: 7 }, () => {
    const started = performance.now();
    gc();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[3] ?? Number.NaN;
}

/** The hash of key number `n`; the keys themselves are nobody's business here. */
const nthHash = (n: number): string => hashOf(`key number ${n}`);

function ofTable(count: number, keysPerAccount: number): Memory {
  const empty = heldBytes();
  const emptyGcMs = gcMs();
  const table = createKeyTable<Shared>({ capacity: count, seed: 7 });
  hold.kept = table;
  const pauses = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const hash = nthHash(n);
    const entry = entryOf(n, keysPerAccount);
    const started = performance.now();
    table.put(hash, entry);
    pauses[n] = performance.now() - started;
  }
  pauses.sort();
  const worstPutMs = [pauses[Math.floor(count * 0.99999)] ?? 0, pauses[count - 1] ?? 0] as const;
  const bytes = heldBytes() - empty - pauses.byteLength;
  const fullGcMs = gcMs();
  const timed = (work: () => void): number => {
    const started = performance.now();
    work();
    return performance.now() - started;
  };
  const { record } = entryOf(4711, keysPerAccount);
  const dropMs = [
    timed(() => table.dropSubjects([`account:${record.account}`])),
    timed(() => table.dropSubjects(["environment:live"])),
  ] as const;
  return {
    ...{ bytesPerKey: bytes / count, fullGcMs, emptyGcMs, worstPutMs, dropMs },
  };
}

/** The usual way: a Map of objects, each with what differs from key to key; all that they share is shared. */
function ofMap(count: number): Memory {
  const empty = heldBytes();
  const emptyGcMs = gcMs();
  const records = new Map<
    string,
    Pick<KeyRecord, "keyId" | "account" | "expiresAt"> & { readonly shared: KeyRecord }
  >();
  hold.kept = records;
  const shared = entryOf(1).record;
  let account = "";
  for (let n = 0; n < count; n++) {
    const { record } = entryOf(n);
    if (record.account !== account) account = record.account;
    records.set(nthHash(n), { keyId: record.keyId, account, expiresAt: record.expiresAt, shared });
  }
  const bytes = heldBytes() - empty;
  return { bytesPerKey: bytes / count, fullGcMs: gcMs(), emptyGcMs, worstPutMs: [0, 0], dropMs: [0, 0] };
}

function main(): void {
  const [, , what, count, keysPerAccount] = process.argv;
  const memory = what === "map" ? ofMap(Number(count)) : ofTable(Number(count), Number(keysPerAccount));
  process.stdout.write(`${JSON.stringify(memory)}\n`);
}

main();
