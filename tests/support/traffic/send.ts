/** Sends requests of the plan, each in its own way, as a customer or a service of the platform would. */
import { Agent, request } from "node:http";
import { createVerifier, type Verifier } from "@claviger/sdk";
import type { MadeKey } from "@claviger/testkit";
import { type Caller, SERVICES, type Way } from "./caller.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import type { PlannedRequest } from "./plan.ts";
import { type Outcome, STATUS } from "./rules.ts";
import { startSidecar } from "./sidecar.ts";
import { TERM_MS } from "./traffic-stage.ts";

export interface Sending {
  /** Nodes that verifiers ask, the first one first. */
  readonly urls: readonly string[];
  /** The node that is asked straight. */
  readonly url: string;
  readonly credentials: Readonly<Record<Caller["environment"], string>>;
  readonly keys: ReadonlyMap<Caller, MadeKey>;
}

/** What a way answers: an HTTP status, or a code. */
type Told = number | string;

export interface Door {
  /** Some requests, one after the other. */
  send(requests: readonly PlannedRequest[]): Promise<Told[]>;
  /** Presents keys that look like ours and that nobody issued, and what is no key at all, in turn. Only of middlewares. */
  forge?(count: number, ip: string): Promise<Told[]>;
  /** Returns once everything is recorded that this side can see to. */
  close(): Promise<void>;
}

/** What answers when it must be `code`. */
export function toldFor(way: Way, code: Outcome): Told {
  if (way === "verify" || way === "batch") return code;
  return code === "VALID" && (way === "authorize" || way === "sidecar") ? 204 : STATUS[code];
}

export function openDoor(way: Way, sending: Sending): Promise<Door> {
  switch (way) {
    case "express":
    case "fastify":
    case "hono":
    case "node":
    case "remote":
      return behindMiddleware(way, sending);
    case "sidecar":
      return atSidecar(sending);
    case "authorize":
      return atNode(sending);
    case "verify":
    case "batch":
      return asked(way, sending);
    default:
      return way satisfies never;
  }
}

async function behindMiddleware(
  way: "express" | "fastify" | "hono" | "node" | "remote",
  sending: Sending,
): Promise<Door> {
  const { urls, url, credentials } = sending;
  // Patient, so that a busy machine is not taken for a node that is gone.
  const patience = { timeoutMs: 10_000, startTimeoutMs: 30_000 };
  const common = { credential: credentials.live, environment: "live", ...patience };
  const verifier: Verifier =
    way === "remote"
      ? await createVerifier({ ...common, url, mode: "remote" })
      : await createVerifier({
          ...common,
          url: urls,
          mode: "local",
          termMs: TERM_MS,
          service: SERVICES[way] ?? undefined,
        });
  const served = await FRAMEWORKS[way === "remote" ? "node" : way](verifier);
  const ask = async (planned: PlannedRequest): Promise<number> => {
    const { habit, n } = planned;
    return statusOf(`${served.url}${habit.path(n)}`, habit.method, headersOf(planned, sending));
  };
  const present = (secret: string, ip: string): Promise<number> =>
    statusOf(`${served.url}/contacts`, "GET", { authorization: `Bearer ${secret}`, "x-forwarded-for": ip });
  return {
    send: (requests) => inTurn(requests, ask),
    forge: (count, ip) => inTurn(madeUp(count), (secret) => present(secret, ip)),
    close: async () => {
      await served.stop();
      await verifier.close();
    },
  };
}

async function atSidecar(sending: Sending): Promise<Door> {
  const sidecar = await startSidecar(sending.urls, sending.credentials.live, SERVICES.sidecar ?? "");
  const ask = (planned: PlannedRequest) => authorize(sidecar.url, planned, sending, {});
  return { send: (requests) => inTurn(requests, ask), close: sidecar.stop };
}

async function atNode(sending: Sending): Promise<Door> {
  const credential = { "claviger-credential": sending.credentials.live };
  const ask = (planned: PlannedRequest) => authorize(sending.url, planned, sending, credential);
  return { send: (requests) => inTurn(requests, ask), close: async () => undefined };
}

function authorize(
  url: string,
  planned: PlannedRequest,
  sending: Sending,
  credential: Readonly<Record<string, string>>,
): Promise<number> {
  const { habit, n } = planned;
  const original = { "x-original-method": habit.method, "x-original-uri": habit.path(n) };
  return statusOf(`${url}/v1/authorize`, "GET", { ...headersOf(planned, sending), ...original, ...credential });
}

interface Verdict {
  readonly code: string;
}
const AGENT = new Agent({ keepAlive: true });
const CHECKS_AT_ONCE = 1_000;

async function asked(way: "verify" | "batch", sending: Sending): Promise<Door> {
  const post = async <T>(path: string, environment: Caller["environment"], body: object): Promise<T> => {
    const headers = {
      authorization: `Bearer ${sending.credentials[environment]}`,
      "content-type": "application/json",
    };
    const answer = await fetch(`${sending.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as T;
  };
  const one = async (planned: PlannedRequest): Promise<string> =>
    (await post<Verdict>("/v1/verify", planned.caller.environment, checkOf(planned, sending))).code;
  const send = async (requests: readonly PlannedRequest[]): Promise<string[]> => {
    if (way === "verify") return inTurn(requests, one);
    const codes: string[] = [];
    for (let from = 0; from < requests.length; from += CHECKS_AT_ONCE) {
      const those = requests.slice(from, from + CHECKS_AT_ONCE);
      const checks = those.map((planned) => checkOf(planned, sending));
      const environment = those[0]?.caller.environment ?? "live";
      const { results } = await post<{ results: readonly Verdict[] }>("/v1/verify/batch", environment, { checks });
      codes.push(...results.map(({ code }) => code));
    }
    return codes;
  };
  return { send, close: async () => undefined };
}

function checkOf({ caller, habit, n }: PlannedRequest, { keys }: Sending): object {
  const { method, from, cost } = habit;
  const [agent, key] = [habit.agent(n), keys.get(caller)?.secret ?? ""];
  const { environment } = caller;
  return { key, environment, method, path: habit.path(n), ip: from.ip, cost, userAgent: agent ?? undefined };
}

const userAgent = (agent: string | null): Record<string, string> => (agent === null ? {} : { "user-agent": agent });

function headersOf({ caller, habit, n }: PlannedRequest, { keys }: Sending): Record<string, string> {
  const { from, page } = habit;
  return {
    authorization: `Bearer ${keys.get(caller)?.secret ?? ""}`,
    "x-forwarded-for": from.ip,
    ...userAgent(habit.agent(n)),
    ...(page === null ? {} : { origin: page, "sec-fetch-site": "cross-site" }),
  };
}

/** Headers go as they are given, and none is added. */
function statusOf(url: string, method: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: AGENT }, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode ?? 0));
    })
      .once("error", reject)
      .end();
  });
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function madeUp(count: number): string[] {
  const made = (n: number): string => (n % 2 === 0 ? `clv_live_${"0".repeat(36)}` : `no key ${n}`);
  return Array.from({ length: count }, (_, n) => made(n));
}
