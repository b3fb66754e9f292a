import type { NotedRequest, ResolvedLimit, Secret, ShownStanding, Verification, VerifyRequest } from "@claviger/core";
import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import type { Observer, Verifier, WarmUpStore } from "../verifier.ts";

/** What this verifier is made of, checked. */
export interface LocalVerifierParts {
  /** Addresses of nodes, each without a slash at the end. */
  readonly urls: readonly string[];
  readonly credential: Secret;
  readonly environment: string;
  /** How long an answer of a node may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How long to wait for the first lease, in milliseconds. */
  readonly startTimeoutMs: number;
  /** The term to ask for, in milliseconds. */
  readonly termMs: number;
  readonly staleIfUnreachableMs: number;
  /** Keys held at most. */
  readonly cachedKeys: number;
  /** Where it is kept which keys are in use; null: nowhere. */
  readonly warmUp: WarmUpStore | null;
  /** What operators know it by. */
  readonly name: string;
  readonly software: string;
  /** Which of the platform's services uses are recorded for; null: none. */
  readonly service: string | null;
  /** Told how many uses could not be recorded, since the beginning, whenever there are more. */
  usesLost(total: number): void;
  readonly observer: Observer | null;
  readonly clock: Clock;
  readonly random: Random;
  unavailable(reason: string): void;
  /** Asks a node for each verdict: for what must not be decided here. */
  readonly remote: Verifier;
}

/** What many keys have in common, held once. */
export interface Terms {
  readonly limits: readonly ResolvedLimit[];
}

/** What is asked, as the decision takes it, and what of it is recorded. */
export type LocalRequest = VerifyRequest & NotedRequest;

export type LocalVerdict = Verification<ShownStanding>;
