/** Acts on keys without a pause, remembered as their caller saw them: what was acknowledged must be there whatever happens. */
import { type Api, issueKey, type SeededRandom, succeeded, waitFor } from "@claviger/testkit";
import { expect } from "vitest";
import type { AuditEvent, Key, Page, Verdict } from "./client.ts";

type Status = "active" | "suspended" | "revoked";

interface State {
  readonly status: Status;
  readonly label: string;
}

/** One key as its caller knows it. */
export interface Life {
  readonly id: string;
  readonly secret: string;
  /** After the last act that was acknowledged. */
  known: State;
  /** The audit actions of all acts that were acknowledged. */
  readonly actions: string[];
  /** What was asked for and never answered: it may have happened or not. */
  open: { readonly state: State; readonly action: string } | null;
}

export interface Acts {
  readonly lives: readonly Life[];
  /** How many acts were acknowledged. */
  acknowledged(): number;
  /** Waits until each worker has met the end of the service, or stops them. */
  end(): Promise<void>;
}

const WORKERS = 8;
/** So many acts on one key, and then another. */
const ACTS_PER_KEY = 6;

/** Begins; each worker ends at its first call that is not answered with success. */
export function startActs(api: Api, account: string, random: SeededRandom): Acts {
  const lives: Life[] = [];
  let acknowledged = 0;
  let stopped = false;
  const work = async (): Promise<void> => {
    while (!stopped) {
      const { id, secret } = await issueKey(api, account, { label: "made" });
      const known: State = { status: "active", label: "made" };
      const life: Life = { id, secret, known, actions: ["key.created"], open: null };
      lives.push(life);
      acknowledged += 1;
      for (let acts = random.int(ACTS_PER_KEY); acts > 0 && life.known.status !== "revoked" && !stopped; acts -= 1) {
        await actOn(api, life, random);
        acknowledged += 1;
      }
    }
  };
  const working = Array.from({ length: WORKERS }, () => work().catch(() => undefined));
  return {
    lives,
    acknowledged: () => acknowledged,
    end: async () => {
      stopped = true;
      await Promise.all(working);
    },
  };
}

async function actOn(api: Api, life: Life, random: SeededRandom): Promise<void> {
  const { status } = life.known;
  const kind = random.pick(["label", "label", status === "active" ? "suspend" : "resume", "revoke"] as const);
  const label = kind === "label" ? `label ${random.int(1_000_000)}` : life.known.label;
  const after: Status = { label: status, suspend: "suspended", resume: "active", revoke: "revoked" }[kind] as Status;
  const action = { label: "key.updated", suspend: "key.suspended", resume: "key.resumed", revoke: "key.revoked" }[kind];
  life.open = { state: { status: after, label }, action };
  const answer = await (kind === "label"
    ? api.patch(`/v1/keys/${life.id}`, { label })
    : api.post(
        `/v1/keys/${life.id}/${kind}`,
        kind === "resume" ? undefined : { reason: kind === "revoke" ? "leaked" : "x" },
      ));
  if (answer.status !== 200) throw new TypeError(`${kind} was answered ${answer.status}: ${answer.text}`);
  life.known = life.open.state;
  life.actions.push(action);
  life.open = null;
}

const CODES: Readonly<Record<Status, string>> = { active: "VALID", suspended: "SUSPENDED", revoked: "REVOKED" };

/**
 * Expects each key as its caller knows it, in its record, in its verdict and in its audit trail; where an act was never
 * answered, wholly with it or wholly without, and that is then what its caller knows.
 */
export async function expectKept(api: Api, lives: readonly Life[]): Promise<void> {
  for (let from = 0; from < lives.length; from += 500) {
    const some = lives.slice(from, from + 500);
    const checks = some.map(({ secret }) => ({ key: secret, environment: "live" }));
    const { body } = await api.post<{ results: readonly Verdict[] }>("/v1/verify/batch", { checks });
    for (const [index, life] of some.entries()) await expectOne(api, life, body.results[index]?.code);
  }
}

/** What a client does that is told to come again: it comes again. */
async function read<T>(api: Api, path: string): Promise<T> {
  let answer = await api.get<T>(path);
  await waitFor(async () => {
    if (answer.status === 503) answer = await api.get<T>(path);
    return answer.status !== 503;
  });
  return succeeded(answer).body;
}

async function expectOne(api: Api, life: Life, verdict: string | undefined): Promise<void> {
  const key = await read<Key>(api, `/v1/keys/${life.id}`);
  const found = { status: key.status, label: key.label };
  const happened = life.open !== null && JSON.stringify(found) === JSON.stringify(life.open.state);
  // A label may have been set to what it was; then the trail alone tells.
  const events = (await read<Page<AuditEvent>>(api, `/v1/audit-events?target=${life.id}&limit=100`)).data;
  const actions = events.map(({ action }) => action).toReversed();
  if (happened && life.open !== null && actions.length > life.actions.length) {
    life.known = life.open.state;
    life.actions.push(life.open.action);
  }
  life.open = null;
  expect(found, life.id).toEqual(life.known);
  expect(actions, life.id).toEqual(life.actions);
  expect(verdict, life.id).toBe(CODES[life.known.status]);
}
