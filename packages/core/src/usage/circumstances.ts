import { parseIp } from "../network/ip.ts";
import { normalMethod } from "../routes/method.ts";
import { askedText, recordableScopes } from "./asked-scopes.ts";
import { foldPath } from "./fold-path.ts";
import type { NotedRequest, NotedUse } from "./noted-use.ts";
import { recordable } from "./recordable.ts";
import { createRecordedTexts, type RecordedText, type TextsOf } from "./recorded-texts.ts";
import { USE_LIMITS } from "./use-batch.ts";

/** Where and with what a key was used. */
export interface Circumstance {
  readonly method: RecordedText;
  /** The template of the route map. */
  readonly route: RecordedText;
  readonly path: RecordedText;
  readonly scopes: RecordedText;
  readonly ip: RecordedText;
  readonly agent: RecordedText;
  readonly browser: boolean;
}

/** A power of two, more than three times as many as there may be circumstances. */
const PLACES = 16_384;
/** Places looked at. More are in a row only where somebody has found texts that all fall into one. */
const MOST_PROBES = 32;
const TEXTS = 1_024;

/** Circumstances by number, so that two are compared by one. */
export class Circumstances {
  readonly ips: TextsOf;
  readonly #routes: TextsOf;
  readonly #methods: TextsOf;
  readonly #paths: TextsOf;
  readonly #scopes: TextsOf;
  readonly #agents: TextsOf;
  readonly #index = new Int32Array(PLACES);
  #all: Circumstance[] = [];
  #last = -1;

  constructor(seed: number) {
    this.ips = createRecordedTexts((ip) => (parseIp(ip) === null ? null : ip), TEXTS, seed);
    this.#routes = createRecordedTexts((template) => template, 256, seed);
    this.#methods = createRecordedTexts(normalMethod, 16, seed);
    this.#paths = createRecordedTexts(foldPath, TEXTS, seed);
    this.#scopes = createRecordedTexts(recordableScopes, 256, seed);
    this.#agents = createRecordedTexts((agent) => recordable(agent, USE_LIMITS.agentLength), TEXTS, seed);
  }

  /** The number of those of this use; -1 where there is no more room. */
  numberOf({ request, route: template }: NotedUse): number {
    const route = this.#routes(template ?? undefined);
    const method = this.#methods(request.method ?? request.seenMethod);
    const path = this.#paths(route.text === null ? (request.path ?? request.seenPath) : undefined);
    const scopes = this.#scopes(askedText(request.scopes));
    const ip = this.ips(request.ip);
    const agent = this.#agents(request.userAgent);
    const browser = isFromBrowser(request, agent);
    const last = this.#all[this.#last];
    if (last !== undefined && isSame(last, method, route, path, scopes, ip, agent, browser)) return this.#last;
    let place = hashOf(method, route, path, scopes, ip, agent, browser) & (PLACES - 1);
    for (let probes = 0; probes < MOST_PROBES; probes += 1) {
      const number = (this.#index[place] ?? 0) - 1;
      const found = this.#all[number];
      if (found === undefined) return this.#add(place, { method, route, path, scopes, ip, agent, browser });
      if (isSame(found, method, route, path, scopes, ip, agent, browser)) {
        this.#last = number;
        return number;
      }
      place = (place + 1) & (PLACES - 1);
    }
    return -1;
  }

  at(number: number): Circumstance | undefined {
    return this.#all[number];
  }

  clear(): void {
    this.#all = [];
    this.#last = -1;
    this.#index.fill(0);
  }

  #add(place: number, made: Circumstance): number {
    if (this.#all.length >= USE_LIMITS.cells) return -1;
    this.#index[place] = this.#all.push(made);
    return this.#all.length - 1;
  }
}

function isSame(
  of: Circumstance,
  method: RecordedText,
  route: RecordedText,
  path: RecordedText,
  scopes: RecordedText,
  ip: RecordedText,
  agent: RecordedText,
  browser: boolean,
): boolean {
  return (
    isSameText(of.ip, ip) &&
    isSameText(of.agent, agent) &&
    isSameText(of.route, route) &&
    isSameText(of.path, path) &&
    isSameText(of.scopes, scopes) &&
    isSameText(of.method, method) &&
    of.browser === browser
  );
}

function isSameText(a: RecordedText, b: RecordedText): boolean {
  return a === b || (a.hash === b.hash && a.text === b.text);
}

function hashOf(
  method: RecordedText,
  route: RecordedText,
  path: RecordedText,
  scopes: RecordedText,
  ip: RecordedText,
  agent: RecordedText,
  browser: boolean,
): number {
  const ofRoute = mixed(mixed(mixed(method.hash, route.hash), path.hash), scopes.hash);
  return mixed(mixed(ofRoute, ip.hash), agent.hash ^ (browser ? 1 : 0));
}

function mixed(hash: number, more: number): number {
  const product = Math.imul(hash ^ more, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function isFromBrowser({ origin, browser }: NotedRequest, agent: RecordedText): boolean {
  return browser === true || (origin !== undefined && origin !== "") || agent.browser;
}
