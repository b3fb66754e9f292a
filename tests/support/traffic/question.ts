/** A question about keys, each answered by one call and by one command; and what both must say. */
import { expect } from "vitest";
import { runCommand } from "../command.ts";
import { hourOf } from "./calendar.ts";
import type { Caller } from "./caller.ts";
import type { TrafficStage } from "./traffic-stage.ts";

export interface Question {
  /** In words, for whoever reads a failure. */
  readonly asks: string;
  readonly path: string;
  /** What comes after `claviger`; `--json` is added. Null where its likes are asked by command. */
  readonly command: readonly string[] | null;
  /** What is to be compared of an answer. */
  readonly told: (answer: never) => unknown;
  readonly expected: unknown;
}

/** Who is meant by the ids of an answer. */
export interface Names {
  /** Of a key, by its id. */
  keyOf(id: string): string;
  accountOf(id: string): string;
  idOf(caller: Caller): string;
}

export function namesOf(stage: TrafficStage): Names {
  const keys = new Map([...stage.keys].map(([caller, { id }]) => [id, caller.name]));
  const accounts = new Map([...stage.accounts].map(([external, id]) => [id, external]));
  return {
    keyOf: (id) => keys.get(id) ?? id,
    accountOf: (id) => accounts.get(id) ?? id,
    idOf: (caller) => {
      const key = stage.keys.get(caller);
      if (key === undefined) throw new TypeError(`${caller.name} has no key`);
      return key.id;
    },
  };
}

/** The moment in which a time lies, which is how the ledger tells times: each begins in another hour, and lasts for less. */
export function momentOf(time: string | null): number | null {
  return time === null ? null : hourOf(Date.parse(time));
}

/** A moment of the ledger in the same way. */
export function asMoment(at: number | null): number | null {
  return at === null ? null : hourOf(at);
}

/** Commands that run at a time. */
const AT_ONCE = 3;

/** Asks each both ways. Fails where they do not say what was expected. */
export async function askAll(stage: TrafficStage, questions: readonly Question[]): Promise<void> {
  const waiting = [...questions];
  const askSome = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await ask(stage, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askSome));
}

async function ask(stage: TrafficStage, question: Question): Promise<void> {
  const { asks, path, command, told, expected } = question;
  const answer = await stage.root.get(path);
  expect(answer.status, `${asks}: GET ${path}`).toBe(200);
  const read = told as (answer: unknown) => unknown;
  expect.soft(read(answer.body), `${asks} GET ${path}`).toEqual(expected);
  if (command === null) return;
  const settings = {
    CLAVIGER_URL: stage.nodes[0]?.url ?? "",
    CLAVIGER_MANAGEMENT_KEY: stage.managementKey,
  };
  const { stdout } = await runCommand([...command, "--json"], settings);
  expect.soft(read(JSON.parse(stdout)), `${asks} claviger ${command.join(" ")}`).toEqual(expected);
}
