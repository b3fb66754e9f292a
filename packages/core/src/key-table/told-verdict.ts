import type { Tier } from "../scopes/tier.ts";
import { retirementOf } from "../verdict/retirement.ts";
import type { KeyRecord, RefusalCode, RefusedVerdict, ValidVerdict } from "../verdict/verdict.ts";
import { ACCOUNT_TYPE, idOfWords, KEY_TYPE } from "./id-words.ts";
import { EXPIRES, expiryOfWords, VERSION_EXPIRES, VERSION_SHIFT } from "./record-layout.ts";
import { NO_METADATA, type RecordParts, recordOf } from "./told-record.ts";

/** Who a key is, as verdicts tell it. Each part is made when it is read. */
export interface KeyFacts {
  readonly keyId: string;
  readonly account: string;
  readonly environment: string;
  readonly tier: Tier | null;
  /** As granted, wildcards included. The same list for all keys that are granted the same. */
  readonly scopes: readonly string[];
  readonly metadata: KeyRecord["metadata"];
  /** When the version presented retires, see `retirementOf`; null where it lasts as long as the key. */
  readonly retiresAt: number | null;
}

/** A verdict about a key that was found, accepted or not. It may be kept for ever, whatever becomes of the table. */
export type KeyVerdict = KeyFacts & (ValidVerdict | (RefusedVerdict & { readonly record: KeyRecord }));

/** What of a record's place tells who it is, copied out of it: whole numbers and references, so that it is made quickly. */
export interface ToldParts extends RecordParts {
  /** Four words of the key's id. */
  readonly key0: number;
  readonly key1: number;
  readonly key2: number;
  readonly key3: number;
  /** Four of the account's, unless `oddAccount` is there. */
  readonly account0: number;
  readonly account1: number;
  readonly account2: number;
  readonly account3: number;
  /** The account's id where it is not written like ours. */
  readonly oddAccount: string | undefined;
  readonly accountSuspended: boolean;
}

/** What the fields of a verdict are beside who the key is. */
interface Found {
  readonly code: "VALID" | RefusalCode;
  readonly checked: ValidVerdict["checked"] | undefined;
  readonly route: string | null | undefined;
  /** What `decide` says, where it was asked. */
  readonly decided: ValidVerdict | RefusedVerdict | null;
}

/**
 * It has copied the few numbers that tell who the key is, and makes ids and record of them when they are asked for. One class for all
 * verdicts and without a base, because each accepted key makes one, and a constructor that calls another takes several times as long.
 */
class ToldVerdict implements KeyFacts {
  readonly valid: boolean;
  readonly code: "VALID" | RefusalCode;
  readonly checked: ValidVerdict["checked"] | undefined;
  readonly route: string | null | undefined;
  readonly #parts: ToldParts;
  readonly #decided: ValidVerdict | RefusedVerdict | null;
  #record: KeyRecord | null = null;

  constructor(parts: ToldParts, { code, checked, route, decided }: Found) {
    this.valid = code === "VALID";
    this.code = code;
    this.checked = checked;
    this.route = route;
    this.#parts = parts;
    this.#decided = decided;
  }

  static partsOf(key: KeyFacts): ToldParts | null {
    return #parts in key ? key.#parts : null;
  }

  get version(): number | undefined {
    if (!this.valid) return undefined;
    const decided = this.#decided;
    return decided?.valid === true ? decided.version : this.#parts.flags >>> VERSION_SHIFT;
  }

  get expiresAt(): number | null | undefined {
    if (!this.valid) return undefined;
    const decided = this.#decided;
    if (decided?.valid === true) return decided.expiresAt;
    return (this.#parts.flags & EXPIRES) === 0 ? null : expiryOf(this.#parts);
  }

  get missing(): readonly string[] | undefined {
    const decided = this.#decided;
    return decided?.valid === false ? decided.missing : undefined;
  }

  get keyId(): string {
    const { side, key0, key1, key2, key3 } = this.#parts;
    if (side !== undefined && side.keyId !== null) return side.keyId;
    return idOfWords(KEY_TYPE, key0, key1, key2, key3);
  }

  get account(): string {
    const { oddAccount, account0, account1, account2, account3 } = this.#parts;
    return oddAccount ?? idOfWords(ACCOUNT_TYPE, account0, account1, account2, account3);
  }

  get environment(): string {
    return this.#parts.profile.environment;
  }

  get tier(): Tier | null {
    const { side, profile } = this.#parts;
    return side === undefined || side.record === null ? profile.grant.tier : side.record.tier;
  }

  get scopes(): readonly string[] {
    const { side, profile } = this.#parts;
    return side === undefined || side.record === null ? profile.grant.scopes : side.record.scopes;
  }

  get metadata(): KeyRecord["metadata"] {
    return this.#parts.side?.metadata ?? NO_METADATA;
  }

  get retiresAt(): number | null {
    const { side, flags } = this.#parts;
    if (side !== undefined && side.record !== null) return retirementOf(side.record, side.version);
    // Where the key's own expiry comes first or at the same time, its flag is there as well.
    return (flags & EXPIRES) === VERSION_EXPIRES ? expiryOf(this.#parts) : null;
  }

  get record(): KeyRecord {
    const parts = this.#parts;
    this.#record ??= parts.side?.record ?? recordOf(parts, this.keyId, this.account, parts.accountSuspended);
    return this.#record;
  }
}

function expiryOf({ expiryHigh, expiryLow }: ToldParts): number {
  return expiryOfWords(expiryHigh, expiryLow);
}

/** `decided` is what `decide` says of a record that words cannot hold; null for any other. */
export function acceptedVerdict(
  parts: ToldParts,
  checked: ValidVerdict["checked"],
  route: string | null,
  decided: ValidVerdict | null,
): KeyVerdict {
  return new ToldVerdict(parts, { code: "VALID", checked, route, decided }) as KeyVerdict;
}

export function refusedVerdict(
  parts: ToldParts,
  code: RefusalCode,
  route: string | null | undefined,
  decided: RefusedVerdict | null,
): KeyVerdict {
  return new ToldVerdict(parts, { code, checked: undefined, route, decided }) as KeyVerdict;
}

/** Null for a key that is told by something else. */
export function partsOf(key: KeyFacts): ToldParts | null {
  return ToldVerdict.partsOf(key);
}

/** Which version was presented. */
export function versionOf({ side, flags }: ToldParts): number {
  return side === undefined ? flags >>> VERSION_SHIFT : side.version;
}

/** Whether both tell of the same version of the same key. */
export function isSameVersion(a: ToldParts, b: ToldParts): boolean {
  return (
    a.key3 === b.key3 &&
    a.key2 === b.key2 &&
    a.key1 === b.key1 &&
    a.key0 === b.key0 &&
    versionOf(a) === versionOf(b) &&
    (a.side === b.side || (a.side?.keyId ?? null) === (b.side?.keyId ?? null))
  );
}
