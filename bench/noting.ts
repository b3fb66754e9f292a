// Run by run.ts: what it adds to a verification that it is noted, folded into cells and handed over.
import {
  assessKey,
  createKeyTable,
  type Moment,
  UseLog,
  type UseLogOptions,
  type VerifyPorts,
  type VerifyRequest,
  verifyFromMemory,
} from "@claviger/core";
import {
  CATALOGUE,
  entryOf,
  flat,
  hashOf,
  NOW,
  order,
  PLACES,
  ROUTE_REQUESTS,
  type Shared,
  secrets,
  sha256Text,
  TAG_KEY,
} from "./fixture.ts";
import type { Line } from "./goals.ts";
import { consume, ratios, spreadOf } from "./measure.ts";

/** What a request brings along, as an adapter copies it. */
interface Asked extends VerifyRequest {
  readonly userAgent: string | undefined;
  readonly requestId: string | undefined;
  readonly cost: number | undefined;
}

type Request = (n: number) => Asked;

/** Verifications of one measured piece, and after how many pieces a flush comes: about a second's worth. */
const PER_PIECE = 20_000;
const PIECES = 25;
const OPTIONS: UseLogOptions = { service: "bench", seed: 20260101 };

/** A new object for each request, with texts of its own, as they come from a connection. */
function asked(n: number, part: Partial<Asked>): Asked {
  const { method, path, ip, userAgent } = part;
  return {
    ...{ environment: "live", scopes: part.scopes, method, path, account: undefined, audience: undefined, ip },
    ...{ referrer: undefined, origin: undefined, userAgent, requestId: REQUEST_IDS[n & 0xffff], cost: undefined },
  };
}

const REQUEST_IDS = Array.from({ length: 65_536 }, (_, n) => flat(`req_${n.toString(16).padStart(24, "0")}`));
const AGENTS = Array.from({ length: 65_536 }, (_, n) =>
  flat(`acme-client/${n % 5}.2.${n % 7} (linux; x64) node/24.${n % 11}.0 requests made with great care`),
);
const IPS = Array.from({ length: 65_536 }, (_, n) => flat(`203.0.113.${n & 255}`));
const PATHS = Array.from({ length: 65_536 }, (_, n) => flat(`/v1/contacts/${n * 7919}/notes`));
const SPRAYED = Array.from({ length: 65_536 }, (_, n) => flat(`acme-client/${n} (spraying)`));

/** Kinds of traffic: how many keys, and what each request looks like. */
interface Kind {
  readonly keys: number;
  readonly request: Request;
  /** Nanoseconds at most. */
  readonly goal?: number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "1 000 keys by route, one agent and address each": {
    keys: 1_000,
    goal: 150,
    request: (n) => asked(n, { ...routeOf(n), ip: IPS[0x4d], userAgent: AGENTS[0] }),
  },
  "1 000 keys by route, each with its own agents": {
    keys: 1_000,
    request: (n) => asked(n, { ...routeOf(n >>> 3), ip: IPS[0x4d + ((n >>> 1) & 1)], userAgent: AGENTS[n & 7] }),
  },
  "1 000 keys by scope, a path of its own each time": {
    keys: 1_000,
    goal: 150,
    request: (n) => ({
      ...asked(n, { scopes: ["contacts:read"], ip: IPS[0x4d], userAgent: AGENTS[0] }),
      seenPath: PATHS[n & 0xffff],
    }),
  },
  "1 000 keys, an agent of its own each time": {
    keys: 1_000,
    request: (n) => asked(n, { ...routeOf(n), ip: IPS[0x4d], userAgent: SPRAYED[n & 0xffff] }),
  },
  "100 000 keys by route": {
    keys: 100_000,
    request: (n) => asked(n, { ...routeOf(n), ip: IPS[0x4d], userAgent: AGENTS[0] }),
  },
};

function routeOf(n: number): Partial<Asked> {
  const { method, path } = ROUTE_REQUESTS[n & 3] ?? {};
  return { method, path };
}

function portsOf(count: number, keys: readonly string[]): VerifyPorts<Shared, never, Asked> {
  const table = createKeyTable<Shared>({ capacity: count, seed: 1 });
  for (const [n, key] of keys.entries()) table.put(hashOf(key), entryOf(n));
  const started = performance.now();
  return {
    table,
    hashOf,
    now: (): Moment => ({ mono: performance.now() - started, wall: Date.now() }),
    decisionTime: (now) => NOW + now.mono,
    catalogue: () => CATALOGUE,
    assess: (secret) => assessKey(secret, [TAG_KEY], sha256Text),
    isCallers: () => true,
    spend: () => null,
  };
}

interface Times {
  /** The hash of the key alone: how quick the machine is at that moment. */
  readonly hashed: number[];
  readonly bare: number[];
  readonly noted: number[];
}

/** Nanoseconds of the processor for one verification, without and with: in turns, so that what else the machine does hurts both. */
function measured({ keys: count, request }: Kind, rounds: number): Times {
  const keys = secrets(count, TAG_KEY, 1);
  const ports = portsOf(count, keys);
  const places = order(count);
  const log = new UseLog(OPTIONS);
  let from = 0;
  const verify = (noting: boolean): void => {
    let versions = 0;
    for (let i = 0; i < PER_PIECE; i++) {
      const asked = request(from + i);
      const found = verifyFromMemory(ports, keys[places[(from + i) & (PLACES - 1)] ?? 0] ?? "", asked);
      if (found.verdict === undefined || !found.verdict.valid) throw new TypeError("a key is not accepted");
      if (noting) log.note(found, asked, NOW + i);
      versions += found.verdict.version;
    }
    from += PER_PIECE;
    consume(versions);
  };
  const hash = (): void => {
    let sum = 0;
    for (let i = 0; i < PER_PIECE; i++) sum += hashOf(keys[places[(from + i) & (PLACES - 1)] ?? 0] ?? "").length;
    consume(sum);
  };
  const flush = (): void => {
    for (let batch = log.take(); batch !== null; batch = log.take()) consume(batch.cells.length);
  };
  const times: Times = { hashed: [], bare: [], noted: [] };
  for (let round = -1; round < rounds; round++) {
    const spent = { hashed: 0, bare: 0, noted: 0 };
    for (let piece = 0; piece < PIECES; piece++) {
      spent.hashed += cpuOf(hash);
      spent.bare += cpuOf(() => verify(false));
      spent.noted += cpuOf(() => {
        verify(true);
        if (piece === PIECES - 1) flush();
      });
    }
    consume(ports.table.takeUses(1_000_000).length);
    // The first one warms up.
    if (round < 0) continue;
    times.hashed.push((spent.hashed / (PIECES * PER_PIECE)) * 1e3);
    times.bare.push((spent.bare / (PIECES * PER_PIECE)) * 1e3);
    times.noted.push((spent.noted / (PIECES * PER_PIECE)) * 1e3);
  }
  return times;
}

/** Microseconds of the processor, those of the collector included: time of day would count whatever else runs. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** What noting, folding and handing over add to one verification. Run in a process of its own. */
function notingLines(rounds: number): Line[] {
  return Object.entries(KINDS).flatMap(([name, kind]) => {
    const { hashed, bare, noted } = measured(kind, rounds);
    const added = noted.map((time, round) => time - (bare[round] ?? Number.NaN));
    return [
      {
        ...{ name, figure: spreadOf(bare), unit: "ns", ratio: spreadOf(ratios(bare, hashed)) },
        ...{ against: "× a SHA-256 of the key", goal: null },
      },
      {
        ...{ name: "  added by noting it", figure: spreadOf(added), unit: "ns" },
        ...{ ratio: spreadOf(ratios(added, hashed)), against: "× a SHA-256 of the key" },
        goal: kind.goal === undefined ? null : { of: "figure" as const, atMost: kind.goal },
      },
    ];
  });
}

process.stdout.write(`${JSON.stringify(notingLines(Number(process.argv[2] ?? 9)))}\n`);
