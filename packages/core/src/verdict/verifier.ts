import type { ShownVerdict, VerificationRequest } from "./shown-verdict.ts";
import type { RefusalCode } from "./verdict.ts";

/** Decides on presented keys, for one environment. Whatever it cannot decide safely it refuses as UNAVAILABLE. */
export interface Verifier {
  /** `local`: from this process's own memory, under a lease. `remote`: by asking a node each time. `test`: the double for tests. */
  readonly mode: "local" | "remote" | "test";
  readonly environment: string;
  /** Told of refusals that middlewares let through; null where they refuse. */
  readonly observer: Observer | null;
  /**
   * The verdict on a presented string. At once where memory holds all that is needed, else a promise; it never throws and never
   * rejects for anything that a caller can send.
   */
  verify(secret: string, request?: VerificationRequest): ShownVerdict | Promise<ShownVerdict>;
  /**
   * What a request was answered with in the end, and how long that took in milliseconds (null: not known), for what is recorded of
   * its use. Once for each verdict, which must be the very one that `verify` gave. A verifier without it records neither.
   */
  answered?(verdict: ShownVerdict, status: number, durationMs: number | null): void;
  /** Tells what was counted, gives the lease back, and refuses everything from then on. */
  close(): Promise<void>;
}

/** What would have been refused, had the middleware not been observing only. It names no secret. */
export interface WouldRefuse {
  readonly code: RefusalCode | "UNAUTHENTICATED" | "INVALID_TOKEN" | "TWO_CREDENTIALS" | "KEY_IN_QUERY";
  /** The HTTP status it would have been answered with. */
  readonly status: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly keyId?: string | undefined;
  readonly account?: string | undefined;
  readonly missing?: readonly string[] | undefined;
}

export type Observer = (refused: WouldRefuse) => void;
