import type { Tier } from "../scopes/tier.ts";
import { retirementOf } from "../verdict/retirement.ts";
import type { KeyRecord, RefusalCode, RefusedVerdict, ValidVerdict } from "../verdict/verdict.ts";
import { ACCOUNT_TYPE, idOfWords, KEY_TYPE } from "./id-words.ts";
import { EXPIRES, VERSION_EXPIRES } from "./record-layout.ts";
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

/** What of a record's place tells who it is. */
export interface ToldParts extends RecordParts {
  /** Four words of the key's id and, unless `oddAccount` is there, four of the account's. */
  readonly ids: readonly number[];
  /** The account's id where it is not written like ours. */
  readonly oddAccount: string | undefined;
  readonly accountSuspended: boolean;
}

/** It has copied the few numbers that tell who the key is, and makes ids and record of them when they are asked for. */
export class ToldKey implements KeyFacts {
  /** Null for a key that is told by something else. */
  static partsOf(key: KeyFacts): ToldParts | null {
    return #parts in key ? key.#parts : null;
  }

  readonly #parts: ToldParts;
  #record: KeyRecord | null = null;

  constructor(parts: ToldParts) {
    this.#parts = parts;
  }

  get keyId(): string {
    const { side, ids } = this.#parts;
    if (side !== undefined && side.keyId !== null) return side.keyId;
    return idOfWords(KEY_TYPE, ids[0] ?? 0, ids[1] ?? 0, ids[2] ?? 0, ids[3] ?? 0);
  }

  get account(): string {
    const { oddAccount, ids } = this.#parts;
    return oddAccount ?? idOfWords(ACCOUNT_TYPE, ids[4] ?? 0, ids[5] ?? 0, ids[6] ?? 0, ids[7] ?? 0);
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
    const { side, flags, expiry } = this.#parts;
    if (side !== undefined && side.record !== null) return retirementOf(side.record, side.version);
    // Where the key's own expiry comes first or at the same time, its flag is there as well.
    return (flags & EXPIRES) === VERSION_EXPIRES ? expiry : null;
  }

  get record(): KeyRecord {
    const parts = this.#parts;
    this.#record ??= parts.side?.record ?? recordOf(parts, this.keyId, this.account, parts.accountSuspended);
    return this.#record;
  }
}

export class AcceptedVerdict extends ToldKey implements ValidVerdict {
  readonly valid = true;
  readonly code = "VALID";
  readonly checked: ValidVerdict["checked"];
  readonly route: string | null;
  readonly version: number;
  readonly expiresAt: number | null;

  constructor(parts: ToldParts, found: Pick<ValidVerdict, "checked" | "route" | "version" | "expiresAt">) {
    super(parts);
    this.checked = found.checked;
    this.route = found.route;
    this.version = found.version;
    this.expiresAt = found.expiresAt;
  }
}

export class RefusedKeyVerdict extends ToldKey implements RefusedVerdict {
  readonly valid = false;
  readonly code: RefusalCode;
  declare readonly missing?: readonly string[];
  declare readonly route?: string | null;

  constructor(parts: ToldParts, code: RefusalCode, more: Pick<RefusedVerdict, "missing" | "route">) {
    super(parts);
    this.code = code;
    if (more.missing !== undefined) this.missing = more.missing;
    if (more.route !== undefined) this.route = more.route;
  }
}
