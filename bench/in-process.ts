// Run by run.ts, once for each number of keys, in a process of its own: a heap of a million keys slows what comes after.
import { hash } from "node:crypto";
import {
  assessKey,
  createKeyTable,
  decide,
  isValid,
  type KeyTable,
  MAX_KEY_LENGTH,
  type VerifyRequest,
} from "@claviger/core";
import type { Verifier } from "@claviger/sdk";
import {
  CATALOGUE,
  entryOf,
  flat,
  generator,
  hashOf,
  NOW,
  order,
  PLACES,
  REQUESTS,
  ROUTE_REQUESTS,
  type Shared,
  secrets,
  sha256Text,
  TAG_KEY,
} from "./fixture.ts";
import { lentVerifier } from "./lent-verifier.ts";
import { consume, everythingConsumed, measure, type Plan, type Row } from "./measure.ts";
import { prefixedKeys } from "./peers.ts";

const MASK = PLACES - 1;
const NOTHING: VerifyRequest = { environment: "live" };
/** Strings that are no keys: as many as there are keys, so that the caches hold as much of them; up to a bound. */
const MOST_FOREIGN = 200_000;

/** Does `one` for inputs in random order, with the requests in turn, and adds up what it gives. */
function visiting(
  inputs: readonly string[],
  one: (input: string, request: VerifyRequest) => number,
  requests: readonly VerifyRequest[] = REQUESTS,
): Row["run"] {
  const places = order(inputs.length);
  const [first = NOTHING] = requests;
  return (count, from) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const place = places[(from + i) & MASK] ?? 0;
      // By higher bits of the place, so that it is not always the same key for which the same is asked.
      sum += one(inputs[place] ?? "", requests[(place >>> 4) & (requests.length - 1)] ?? first);
    }
    return sum;
  };
}

function bare(keys: readonly string[], numbers: ReadonlyMap<string, number>): Row {
  return {
    name: "bare",
    run: visiting(keys, (key) => (numbers.get(hash("sha256", key, "hex")) === undefined ? 1 : 2)),
  };
}

/** What the clocks alone take: no verifier can do without them. */
function bareWithClocks(keys: readonly string[], numbers: ReadonlyMap<string, number>): Row {
  const started = performance.now();
  const looked = (key: string): number => {
    const found = numbers.get(hash("sha256", key, "hex")) !== undefined;
    return found && performance.now() >= started && Date.now() > 0 ? 1 : 2;
  };
  return { name: "bare with clocks", run: visiting(keys, looked) };
}

function filled(keys: readonly string[]): KeyTable<Shared> {
  const table = createKeyTable<Shared>({ capacity: keys.length, seed: 20260101 });
  for (const [n, key] of keys.entries()) table.put(hashOf(key), entryOf(n));
  return table;
}

/** What must be true before anything is worth measuring: every key is accepted, as `decide` accepts it. */
function check(keys: readonly string[], table: KeyTable<Shared>, verifier: Verifier): void {
  for (let n = 0; n < keys.length; n += 97) {
    const key = keys[n] ?? "";
    const { record, version } = entryOf(n);
    for (const request of [...REQUESTS, ...ROUTE_REQUESTS]) {
      const verdict = table.verify(hashOf(key), request, CATALOGUE, NOW);
      if (verdict?.valid !== true || verdict.record.keyId !== record.keyId)
        throw new TypeError("a key is not accepted");
      if (!decide(record, version, request, CATALOGUE, NOW).valid) throw new TypeError("decide() does not accept it");
      const { environment: _, ...asked } = request;
      const whole = verifier.verify(key, asked);
      if (!("valid" in whole) || !whole.valid || whole.keyId !== record.keyId)
        throw new TypeError("the verifier does not accept a key at once");
    }
  }
}

/** As a middleware asks: with an object made for this request. 1 where the answer is there at once, and a yes. */
function accepted(verifier: Verifier, key: string, { scopes, ip }: VerifyRequest): number {
  const verdict = verifier.verify(key, { scopes, ip });
  return "valid" in verdict && verdict.valid ? 1 : 0;
}

function tableRows(keys: readonly string[], table: KeyTable<Shared>, verifier: Verifier): Row[] {
  const checked = (key: string, request: VerifyRequest): number =>
    isValid(table.check(hashOf(key), request, CATALOGUE, NOW)) ? 1 : 0;
  /** What no verifier can do without: whoever decides under a lease has read both clocks. */
  const started = performance.now();
  const checkedNow = (key: string, request: VerifyRequest): number => {
    const hash = hashOf(key);
    const now = NOW + (performance.now() - started > 0 && Date.now() > 0 ? 1 : 0);
    return isValid(table.check(hash, request, CATALOGUE, now)) ? 1 : 0;
  };
  const told = (key: string, request: VerifyRequest): number => {
    const verdict = table.verify(hashOf(key), request, CATALOGUE, NOW);
    return verdict?.valid === true ? verdict.version : 0;
  };
  const named = (key: string, request: VerifyRequest): number => {
    const verdict = table.verify(hashOf(key), request, CATALOGUE, NOW);
    return verdict?.valid === true ? verdict.record.keyId.length + verdict.record.account.length : 0;
  };
  return [
    { name: "decide", run: visiting(keys, checked) },
    { name: "decide with clocks", run: visiting(keys, checkedNow) },
    { name: "decide by route", run: visiting(keys, checked, ROUTE_REQUESTS) },
    { name: "verdict", run: visiting(keys, told) },
    { name: "verdict with its record", run: visiting(keys, named) },
    { name: "whole", run: visiting(keys, (key, request) => accepted(verifier, key, request)) },
    { name: "whole with ids", run: visiting(keys, (key, request) => toldLength(verifier, key, request)) },
  ];
}

/** The same, and who it is, as an application wants to know. */
function toldLength(verifier: Verifier, key: string, { scopes, ip }: VerifyRequest): number {
  const verdict = verifier.verify(key, { scopes, ip });
  return "valid" in verdict && verdict.valid ? verdict.keyId.length + verdict.account.length : 0;
}

/** What anybody may send. All of it goes the whole way, and is refused at once. */
function foreignRows(keys: readonly string[], verifier: Verifier): Row[] {
  const next = generator(99);
  const noise = (length: number): string =>
    flat(Array.from({ length }, () => String.fromCharCode(33 + (next() % 94))).join(""));
  const count = Math.min(keys.length, MOST_FOREIGN);
  const forged = secrets(count, new Uint8Array(32).fill(9), 5);
  const mistyped = keys.slice(0, count).map((key) => flat(`${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`));
  for (const key of forged.slice(0, 100)) {
    const verdict = verifier.verify(key);
    if (!("code" in verdict) || verdict.code !== "NOT_FOUND")
      throw new TypeError("a forged key is not refused at once");
  }
  const sent = {
    "garbage of a key's length": Array.from({ length: count }, () => noise(46)),
    "garbage of 800 characters": Array.from({ length: Math.min(count, 4096) }, () => noise(800)),
    "a key mistyped": mistyped,
    "a forged key": forged,
  };
  if (assessKey(forged[0] ?? "", [TAG_KEY], sha256Text) !== "forged") throw new TypeError("nothing is forged");
  return Object.entries(sent).map(([name, inputs]) => ({
    name,
    run: visiting(inputs, (input, request) => accepted(verifier, input, request)),
  }));
}

async function main(): Promise<void> {
  const count = Number(process.argv[2]);
  const plan: Plan = { rounds: Number(process.argv[3]), turns: Number(process.argv[4]) };
  const keys = secrets(count, TAG_KEY, 1);
  if ((keys[0]?.length ?? 0) > MAX_KEY_LENGTH) throw new TypeError("a key is longer than one SHA-256 block");
  const table = filled(keys);
  const { verifier, end } = await lentVerifier(keys);
  check(keys, table, verifier);
  const numbers = new Map(keys.map((key, n) => [hash("sha256", key, "hex"), n]));
  const rows = [
    bare(keys, numbers),
    bareWithClocks(keys, numbers),
    ...tableRows(keys, table, verifier),
    ...foreignRows(keys, verifier),
  ];
  const peer = await prefixedKeys(count);
  rows.push({ name: "prefixed-api-key", run: visiting(peer.tokens, peer.verify) });
  const timings = await measure(rows, plan);
  consume(table.takeUses(1).length);
  await end();
  process.stdout.write(`${JSON.stringify({ timings: [...timings], consumed: everythingConsumed() })}\n`);
}

await main();
