/** One request of a caller. Times are of `performance.now()`. */
export interface Called {
  readonly secret: string;
  readonly startedAt: number;
  readonly status: number;
}

/** A program of a customer that calls an API all along, with the secret that it has at the moment. */
export interface Caller {
  readonly calls: readonly Called[];
  /** From the next request on. A function is asked before each request. */
  use(secret: string | (() => string)): void;
  stop(): Promise<void>;
}

/** Calls `url` again and again, one request at a time, each in its own right: nothing is tried again. */
export function callAlong(url: string, first: string): Caller {
  const calls: Called[] = [];
  let current = () => first;
  let on = true;
  const ended = (async () => {
    while (on) {
      const secret = current();
      const startedAt = performance.now();
      const response = await fetch(url, { headers: { authorization: `Bearer ${secret}` } });
      await response.arrayBuffer();
      calls.push({ secret, startedAt, status: response.status });
    }
  })();
  return {
    calls,
    use: (secret) => {
      current = typeof secret === "string" ? () => secret : secret;
    },
    stop: async () => {
      on = false;
      await ended;
    },
  };
}
