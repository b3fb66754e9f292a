import { systemClock } from "@claviger/server";
import type { Api } from "@claviger/testkit";
import type { Verdict } from "./client.ts";

/** One verification as its caller saw it. Times are milliseconds of one monotonic clock. */
export interface Seen {
  readonly node: number;
  readonly started: number;
  readonly ended: number;
  /** The verdict's code, or the status of a problem. */
  readonly code: string;
}

export interface Hammer {
  readonly seen: readonly Seen[];
  /** Ends once every worker has begun and finished `more` further calls. */
  stop(more: number): Promise<readonly Seen[]>;
}

/** Asks the same question again and again, `workers` callers at each node at once. */
export function hammer(nodes: readonly Api[], workers: number, question: object): Hammer {
  const seen: Seen[] = [];
  let left = Number.POSITIVE_INFINITY;
  const work = async (node: Api, index: number): Promise<void> => {
    for (let after = 0; after < left; after += Number.isFinite(left) ? 1 : 0) {
      const started = systemClock.mono();
      const { status, body } = await node.post<Verdict>("/v1/verify", question);
      seen.push({ node: index, started, ended: systemClock.mono(), code: status === 200 ? body.code : String(status) });
    }
  };
  const running = nodes.flatMap((node, index) => Array.from({ length: workers }, () => work(node, index)));
  return {
    seen,
    stop: async (more) => {
      left = more;
      await Promise.all(running);
      return seen;
    },
  };
}

/** Accepts that began after the time: what the promise of coherence rules out. */
export function lateAccepts(seen: readonly Seen[], returned: number): readonly Seen[] {
  return seen.filter(({ code, started }) => code === "VALID" && started > returned);
}
