import { partsOf } from "../key-table/told-verdict.ts";
import type { RouteMap } from "../routes/route-map.ts";
import type { Verification } from "../verifier/verify-from-memory.ts";
import { Cells, PREPARED } from "./cells.ts";
import { EvenSample } from "./even-sample.ts";
import { NOWHERE, type NotedRequest, NotedUse } from "./noted-use.ts";
import { recordable } from "./recordable.ts";
import { Strangers } from "./strangers.ts";
import { USE_LIMITS, type UseBatch, type UseDetail } from "./use-batch.ts";

export interface UseLogOptions {
  /** Which of the platform's services this is; at most 100 characters. */
  readonly service: string | null;
  /** 32 random bits, so that callers cannot choose what is sampled. */
  readonly seed: number;
  /** Versions of keys, for each code, that are counted beyond the cells of a batch; default 100 000. */
  readonly mostMerged?: number | undefined;
  /**
   * The route map in force. It is asked where a key was refused before its route was looked up, so that an endpoint that a
   * scope names is known as such whatever is answered there.
   */
  readonly routes?: (() => RouteMap | undefined) | undefined;
}

/** So few successes are not worth giving up for a refusal more. */
const FEW = 8;
const MOST_MERGED = 100_000;
const MOST_COST = 1_000_000;

/**
 * Every verification, on its way into batches. To note one takes a place in a list; lists are folded into cells when they
 * are full. What is counted is exact, whatever comes: where cells become too many they are merged for each version of a key. Only
 * where more versions of keys were used than that has room for is something left out, and `lost` says how much.
 *
 * No I/O and no clock: times come with what is noted.
 */
export class UseLog {
  readonly #service: string | null;
  readonly #routes: () => RouteMap | undefined;
  readonly #cells: Cells;
  readonly #strangers: Strangers;
  readonly #refusals: EvenSample<NotedUse>;
  readonly #successes: EvenSample<NotedUse>;
  /** Uses between two foldings: few, so that they are still in the processor's cache. */
  readonly #buffer = new Array<NotedUse | null>(PREPARED).fill(null);
  #buffered = 0;
  #ready: UseBatch[] = [];
  #lost = 0;

  constructor({ service, seed, mostMerged = MOST_MERGED, routes = () => undefined }: UseLogOptions) {
    this.#service = service;
    this.#routes = routes;
    this.#cells = new Cells({ seed, mostMerged });
    this.#strangers = new Strangers(this.#cells.circumstances.ips);
    this.#refusals = new EvenSample(seed);
    this.#successes = new EvenSample(seed);
  }

  /** Verifications that no cell had room for, since the beginning. */
  get lost(): number {
    return this.#lost;
  }

  /**
   * One verification, at `at` in milliseconds since the epoch. What is returned names it for `answered`; null where no
   * key was found, which is counted by its source alone.
   */
  note({ verdict, key }: Verification<unknown>, request: NotedRequest, at: number): NotedUse | null {
    const parts = key === null ? null : partsOf(key);
    if (key === null || parts === null) {
      this.#strangers.note(request.ip, verdict.code);
      return null;
    }
    const use = new NotedUse(key, parts, verdict, request, at, this.#routeOf(verdict.route, request));
    this.#buffer[this.#buffered] = use;
    this.#buffered += 1;
    if (this.#buffered === PREPARED) this.#fold();
    return use;
  }

  /** What a request was answered with, and how long that took, in milliseconds; null where it is not known. Once for each use. */
  answered(use: NotedUse, status: number | null, durationMs: number | null): void {
    const told = status !== null && status >= 200 && status <= 599 ? Math.floor(status) : 0;
    const took = durationMs !== null && durationMs >= 0 ? Math.round(durationMs * 100) / 100 : -1;
    use.status = told;
    use.durationMs = took;
    // Not counted yet, or left out.
    if (use.cell !== NOWHERE) this.#cells.answered(use, told, took);
  }

  /** Hands over a batch of what was noted, and forgets it; null where there is nothing more. */
  take(): UseBatch | null {
    if (this.#ready.length === 0) {
      this.#fold();
      this.#ready = this.#sealed();
    }
    return this.#ready.shift() ?? null;
  }

  /** `decided` is undefined where a refusal came first. */
  #routeOf(decided: string | null | undefined, { method, path }: NotedRequest): string | null {
    if (decided !== undefined) return decided;
    if (path === undefined || method === undefined) return null;
    return this.#routes()?.match(method, path)?.template ?? null;
  }

  #fold(): void {
    const count = this.#buffered;
    this.#buffered = 0;
    this.#cells.prepare(this.#buffer, count);
    for (let at = 0; at < count; at += 1) {
      const use = this.#buffer[at];
      this.#buffer[at] = null;
      if (use !== null && use !== undefined) this.#count(use);
    }
  }

  #count(use: NotedUse): void {
    if (!this.#cells.place(use)) {
      this.#lost += 1;
      return;
    }
    const { valid } = use.verdict;
    // What is refused spends nothing.
    this.#cells.add(use, valid ? costOf(use.request.cost) : 0);
    if (use.status !== 0 || use.durationMs >= 0) this.#cells.answered(use, use.status, use.durationMs);
    (valid ? this.#successes : this.#refusals).offer(use);
    while (this.#refusals.size + this.#successes.size > USE_LIMITS.details) this.#sampleLess();
  }

  /** Refusals are given up only where they alone are too many. */
  #sampleLess(): void {
    (this.#successes.size > FEW ? this.#successes : this.#refusals).halve();
  }

  /** Everything so far, in batches within the limits. */
  #sealed(): UseBatch[] {
    const strangers = this.#strangers.take();
    const details = this.#details();
    const cells = this.#cells.take(this.#service);
    if (cells.length === 0) return strangers.length === 0 ? [] : [{ cells: [], details: [], sampledOut: 0, strangers }];
    return Array.from({ length: Math.ceil(cells.length / USE_LIMITS.cells) }, (_, place) => {
      const those = cells.slice(place * USE_LIMITS.cells, (place + 1) * USE_LIMITS.cells);
      const own = details[place] ?? [];
      const requests = those.reduce((sum, cell) => sum + cell.requests, 0);
      return { cells: those, details: own, sampledOut: requests - own.length, strangers: place === 0 ? strangers : [] };
    });
  }

  /** The details of each batch. */
  #details(): UseDetail[][] {
    const batches: UseDetail[][] = Array.from({ length: Math.ceil(this.#cells.size / USE_LIMITS.cells) }, () => []);
    for (const use of [...this.#refusals.take(), ...this.#successes.take()]) {
      const index = this.#cells.indexOf(use);
      batches[Math.floor(index / USE_LIMITS.cells)]?.push(detailOf(use, index % USE_LIMITS.cells));
    }
    return batches;
  }
}

function detailOf({ at, verdict, request, status, durationMs }: NotedUse, cell: number): UseDetail {
  const { requestId } = request;
  return {
    ...{ cell, at: Math.floor(at), cost: verdict.valid ? costOf(request.cost) : 0 },
    requestId: requestId === undefined ? null : recordable(requestId, USE_LIMITS.requestIdLength),
    status: status === 0 ? null : status,
    durationMs: durationMs < 0 ? null : durationMs,
  };
}

/** As it is spent: default 1. */
function costOf(cost: number | undefined): number {
  return cost !== undefined && Number.isSafeInteger(cost) && cost >= 1 && cost <= MOST_COST ? cost : 1;
}
