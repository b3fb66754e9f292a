import { ClavigerError, type ErrorCode, Secret } from "@claviger/core";
import type { ManagementPrincipal } from "../../kernel/principal.ts";

/** Who opened a connection, and with what. */
export interface Presented {
  readonly principal: ManagementPrincipal;
  readonly secret: string;
  /** The source address, where it is known. */
  readonly from: string | null;
}

export type Authenticate = (secret: string, from: string | null) => Promise<ManagementPrincipal>;

/** `unknown`: it cannot be told now. */
export type Rechecked = "good" | "refused" | "unknown";

/** Says nothing about the credential itself. */
const UNTOLD: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["UNAVAILABLE", "TOO_MANY_ATTEMPTS", "INTERNAL"]);

/** What a connection was opened with. It is doubted whenever the key behind it changes, until it was asked for anew. */
export class Credential {
  readonly #secret: Secret;
  readonly #from: string | null;
  readonly #scope: string;
  #principal: ManagementPrincipal;
  #doubts = 0;
  #settled = 0;

  constructor({ principal, secret, from }: Presented, scope: string) {
    this.#principal = principal;
    this.#secret = new Secret(secret);
    this.#from = from;
    this.#scope = scope;
  }

  get keyId(): string {
    return this.#principal.keyId;
  }

  /** Null: any. Never changes for a key. */
  get environment(): string | null {
    return this.#principal.environment;
  }

  /** Credential and source address: whoever connects anew is still the same. */
  get source(): string {
    return `${this.keyId} ${this.#from ?? ""}`;
  }

  /** False from the moment its key was changed until it was found good again. */
  get trusted(): boolean {
    return this.#doubts === this.#settled;
  }

  doubt(): void {
    this.#doubts += 1;
  }

  /** `now` is milliseconds since the epoch. */
  isExpired(now: number): boolean {
    const { expiresAt } = this.#principal;
    return expiresAt !== null && now >= expiresAt;
  }

  async recheck(authenticate: Authenticate): Promise<Rechecked> {
    const asked = this.#doubts;
    try {
      const principal = await authenticate(this.#secret.reveal(), this.#from);
      const same = principal.keyId === this.keyId && principal.environment === this.environment;
      if (!same || !principal.scopes.has(this.#scope)) return "refused";
      this.#principal = principal;
      this.#settled = asked;
      return "good";
    } catch (error) {
      if (error instanceof ClavigerError && !UNTOLD.has(error.code)) return "refused";
      return "unknown";
    }
  }
}
