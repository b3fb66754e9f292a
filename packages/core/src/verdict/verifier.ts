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
