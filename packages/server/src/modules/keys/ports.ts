import type { ApprovalKind, HashFn, Secret } from "@claviger/core";
import type { Keyring, Tx } from "../../db/index.ts";
import type { Act, Actor, Unit } from "../../kernel/act.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Random } from "../../kernel/random.ts";
import type { Key } from "./key.ts";

/** What the acts of this module are given. */
export interface KeysPorts {
  readonly act: Act;
  readonly ids: Ids;
  readonly random: Random;
  readonly keyring: Keyring;
  readonly sha256: HashFn;
  /** First part of the keys that are issued from now on. */
  readonly keyPrefix: string;
  /** Puts secrets behind links that work once. Left out where nobody asks for any. */
  readonly prepareLink?: (wanted: LinkWanted) => Promise<PreparedLink>;
  /** Keeps secrets, sealed, where keys are recoverable. Left out where nobody's are. */
  readonly sealer?: Sealer;
  /** Puts secrets on their way to stores; returns how that is shown. Left out where nobody asks for any. */
  readonly deliver?: (unit: Unit, actor: Actor, issued: IssuedSecret, wanted: DeliveryWanted) => Promise<object>;
}

/**
 * What keeps a secret in the transaction that makes it, prepared before anything is held. Null where such keys are not kept. Throws
 * KEK_UNAVAILABLE.
 */
export interface Sealer {
  /** Of a new customer's key, which is to have this id. */
  forNew(account: string, environment: string | undefined): Promise<SealingNew | null>;
  /** Of a new version of a key, or of one that was asked for. */
  forKey(key: string): Promise<PreparedSealing | null>;
}

export interface SealingNew {
  readonly key: string;
  readonly seal: PreparedSealing;
}

export type PreparedSealing = (unit: Pick<Unit, "tx" | "now">, issued: IssuedSecret) => Promise<void>;

/** A secret in the transaction that makes it. */
export interface IssuedSecret {
  readonly key: Key;
  readonly version: number;
  readonly secret: Secret;
}

/** What whoever sends a link chose. */
export interface LinkWanted {
  readonly expiresInMinutes: number;
  readonly passphrase?: string | undefined;
  readonly allowedIps?: readonly string[] | undefined;
  readonly recipient?: string | undefined;
}

/** A place in a secret store, or whoever claims it. */
export type DeliveryWanted = { readonly store: string; readonly path: string } | { readonly offer: true };

/** How a secret is handed over that is not to be in the answer. */
export interface HandOverWanted {
  readonly link?: LinkWanted | undefined;
  readonly deliverTo?: DeliveryWanted | undefined;
}

/** By what a secret went that is not in the answer; both null where it is. */
export interface HandedOver {
  readonly link: SecretLink | null;
  /** As the contract shows it. */
  readonly handOver: object | null;
}

export type PreparedLink = (unit: Unit, actor: Actor, issued: IssuedSecret) => Promise<SecretLink>;

export interface SecretLink {
  /** As the contract shows it, without the address. */
  readonly shown: object;
  /** Opens it. In this answer and nowhere else. */
  readonly url: Secret;
}

/** What policy wants somebody else to approve: a new key, a change that lets a key do more, a rotation in an emergency (A8). */
export interface WaitingAct {
  readonly kind: ApprovalKind;
  /** As it is; null where there is none yet. */
  readonly before: Key | null;
  /** As it would be. */
  readonly key: Key;
  readonly approver: "account" | "staff";
  /** What was asked for, from which it is made once it is approved. */
  readonly input: object;
  /** The member in whose name it is asked, by our id; null where there is none. */
  readonly member: string | null;
}

/** Where acts wait, which is a module above this one. Returns how the request is shown. */
export type AskApproval = (unit: Unit, authority: Authority, act: WaitingAct) => Promise<unknown>;

/** What is typed back before something ends (E8). */
export interface Guard {
  /** Whether a key that was used within 24 hours asks for its label. */
  readonly guarded?: boolean | undefined;
  readonly confirm?: string | undefined;
  /** When the key was accepted last, which the inventory knows. */
  lastUseOf(tx: Tx, key: string): Promise<Date | null>;
}

/** What the caller itself holds; nobody grants beyond it. */
export interface Authority {
  readonly keyId: string;
  readonly scopes: ReadonlySet<string>;
  /** Milliseconds since the epoch, or null for never. */
  readonly expiresAt: number | null;
}
