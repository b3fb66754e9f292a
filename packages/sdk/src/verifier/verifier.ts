import type { Observer } from "@claviger/core";

export type { Observer, Verifier, WouldRefuse } from "@claviger/core";

/** Where the hashes of keys in use are kept from one start to the next. Neither has to be quick, and both may fail. */
export interface WarmUpStore {
  /** What was saved last; null where nothing was. */
  load(): Promise<Uint8Array | null>;
  /** 32 bytes for each key, the one that was looked up last first. */
  save(hashes: Uint8Array): Promise<void>;
}

export interface VerifierOptions {
  /** Address of Claviger, such as `https://claviger.example.com`; of several nodes, each is tried where another does not answer. */
  readonly url: string | readonly string[];
  /** A management key with the scope `verify`, bound to the environment. A secret. */
  readonly credential: string;
  /** The environment whose keys are accepted, such as `live`. */
  readonly environment: string;
  /**
   * Default `local`; `remote` on platforms that freeze processes between requests (AWS Lambda, Vercel, Cloudflare Workers and the
   * like), because a frozen process cannot hear of a revocation.
   */
  readonly mode?: "local" | "remote" | undefined;
  /** How long one answer of a node may take, in milliseconds: 50 to 30 000, default 2 000. */
  readonly timeoutMs?: number | undefined;
  /** Local only: the lease to ask for, in milliseconds: 250 to 60 000, default 5 000. The longest a revocation waits for this process. */
  readonly termMs?: number | undefined;
  /** Local only: how long to wait for the first lease, in milliseconds: 100 to 600 000, default 10 000. */
  readonly startTimeoutMs?: number | undefined;
  /**
   * Local only: for how long to go on accepting after the lease has ended where no node can be reached, in milliseconds: 0 to
   * 3 600 000, default 0. Dangerous: a key revoked in that time is still accepted here, and the revocation says that it is not in
   * force everywhere. Such verdicts say `stale: true`.
   */
  readonly staleIfUnreachableMs?: number | undefined;
  /** Local only: keys held in memory at most: 1 to 16 000 000, default 100 000. One takes some 130 bytes. */
  readonly cachedKeys?: number | undefined;
  /**
   * Local only: reads the keys that were in use last time ahead, as many as `cachedKeys`, so that no first request has to wait for a
   * node. Their hashes are kept in this file, or in a store of your own. `createVerifier` waits for it, at most `startTimeoutMs`;
   * the rest is read while it serves. Default: none.
   */
  readonly warmUp?: string | WarmUpStore | undefined;
  /** Local only: what operators know this process by. Default: host and process id, and that of a worker thread. */
  readonly name?: string | undefined;
  /** Which of your services this is, as it is recorded with each use: 1-100 printable characters. Default: none. */
  readonly service?: string | undefined;
  /**
   * Local only: told how many uses of keys are missing in what is recorded, since the start, whenever that grows: memory for them is
   * bounded, and no node may have taken them for very long. Limits are kept all the same. Default: a warning on the console.
   */
  readonly onUsesLost?: ((total: number) => void) | undefined;
  /** Needed for an address of plain HTTP beyond this machine. Default false. */
  readonly allowPlaintext?: boolean | undefined;
  /** Middlewares decide, tell `onWouldRefuse`, and let everything through (C9). Default false. */
  readonly observe?: boolean | undefined;
  /** Needed with `observe`. */
  readonly onWouldRefuse?: Observer | undefined;
  /** Told why keys could not be checked, never told a key. Default: a warning on the console, at most one in ten seconds. */
  readonly onUnavailable?: ((reason: string) => void) | undefined;
  /** Default: the platform's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}
