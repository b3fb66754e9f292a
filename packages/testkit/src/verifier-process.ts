/**
 * A caller's program with a verifier in it, as a process of its own, which tests freeze, block and kill. Told what to be in
 * VERIFIER_SETTINGS and what to do on stdin, a JSON command a line; answers each with a line on stdout.
 *
 * It verifies every key that it was given in turn, again and again, and keeps of each when the last accepted verification
 * began: the monotonic clock of Linux is one for all processes of a machine, so the test may compare.
 */
import { createInterface } from "node:readline";
import { createVerifier, type VerifierOptions } from "@claviger/sdk";

/** What the variable VERIFIER_SETTINGS holds as JSON. */
export interface VerifierSettings {
  readonly options: VerifierOptions;
}

export type VerifierCommand =
  /** Verify these as well from now on. */
  | { readonly do: "add"; readonly keys: readonly string[] }
  /** Verify once, now, and say the codes. */
  | { readonly do: "verify"; readonly keys: readonly string[] }
  /** Hold up the event loop, and say what the first verification after it says. */
  | { readonly do: "block"; readonly forMs: number }
  | { readonly do: "report" }
  | { readonly do: "close" };

/** What became of one key. Times are milliseconds of the machine's monotonic clock. */
export interface SeenKey {
  readonly accepted: number;
  /** When the last accepted verification began; null: none was. */
  readonly lastAcceptedAt: number | null;
  readonly codes: Readonly<Record<string, number>>;
}

export interface VerifierReport {
  readonly now: number;
  /** By the key as it was given. */
  readonly keys: Readonly<Record<string, SeenKey>>;
  /** Verifications that were answered from memory, in the same synchronous block. */
  readonly synchronous: number;
  readonly asynchronous: number;
}

interface Tally {
  accepted: number;
  lastAcceptedAt: number | null;
  readonly codes: Record<string, number>;
}

/** Verifications that wait for a node at a time, at most. */
const OPEN = 64;
/** Between two rounds, so that eight of these and three nodes fit on two cores. */
const ROUND_MS = 2;
const REQUEST = { method: "GET", path: "/contacts" } as const;

const settings = JSON.parse(process.env.VERIFIER_SETTINGS ?? "") as VerifierSettings;
const verifier = await createVerifier(settings.options);
const tallies = new Map<string, Tally>();
let open = 0;
let synchronous = 0;
let asynchronous = 0;
let closing = false;

const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

function note(tally: Tally, began: number, code: string): void {
  tally.codes[code] = (tally.codes[code] ?? 0) + 1;
  if (code !== "VALID") return;
  tally.accepted += 1;
  tally.lastAcceptedAt = Math.max(tally.lastAcceptedAt ?? 0, began);
}

function verifyOne(key: string, tally: Tally): void {
  const began = monotonic();
  const answer = verifier.verify(key, REQUEST);
  if (answer instanceof Promise) {
    open += 1;
    asynchronous += 1;
    void answer.then(({ code }) => {
      open -= 1;
      note(tally, began, code);
    });
  } else {
    synchronous += 1;
    note(tally, began, answer.code);
  }
}

/** A turn of the event loop of its own, as for a request to a server. */
function round(): void {
  if (closing) return;
  for (const [key, tally] of tallies) if (open < OPEN) verifyOne(key, tally);
  setTimeout(round, ROUND_MS);
}

async function codesOf(keys: readonly string[]): Promise<string[]> {
  const codes = [];
  for (const key of keys) codes.push((await verifier.verify(key, REQUEST)).code);
  return codes;
}

function report(): VerifierReport {
  return { now: monotonic(), keys: Object.fromEntries(tallies), synchronous, asynchronous };
}

async function carryOut(command: VerifierCommand): Promise<unknown> {
  switch (command.do) {
    case "add":
      for (const key of command.keys) tallies.set(key, { accepted: 0, lastAcceptedAt: null, codes: {} });
      return {};
    case "verify":
      return codesOf(command.keys);
    case "block": {
      const until = monotonic() + command.forMs;
      while (monotonic() < until);
      for (const [key, tally] of tallies) verifyOne(key, tally);
      return {};
    }
    case "report":
      return report();
    case "close":
      closing = true;
      await verifier.close();
      return report();
  }
  return command satisfies never;
}

process.stdout.write("{}\n");
round();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    void carryOut(JSON.parse(line) as VerifierCommand).then((answer) => {
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    });
  })
  // The test is gone, or has had enough of it.
  .on("close", () => process.exit(0));
