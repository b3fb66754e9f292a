import { isLive, type RotatingKey, type Rotation } from "@claviger/core";
import type { Actor } from "../../kernel/act.ts";
import type { Key, KeyVersion } from "../keys/index.ts";
import type { Dependant } from "./dependant.ts";

/** A rotation as it is kept; states and what moves them are in core. */
export interface StoredRotation extends Rotation {
  readonly key: string;
  readonly account: string;
  readonly startedBy: Actor;
  /** Who was registered with the key when it began. */
  readonly dependants: readonly Dependant[];
  /** Goes up with every act on it. */
  readonly revision: number;
}

/** A key with its versions and its latest rotation, as of one moment. */
export interface RotatedKey {
  readonly key: Key;
  /** Oldest first: the newest, and all that have not been ended. */
  readonly versions: readonly KeyVersion[];
  readonly stored: StoredRotation | null;
}

/** The same as the state machine takes it. */
export function stateOf({ key, versions, stored }: RotatedKey): RotatingKey {
  return {
    revoked: key.state === "revoked",
    expiresAt: key.expiresAt?.getTime() ?? null,
    current: key.version,
    newest: Math.max(key.version, ...versions.map(({ version }) => version)),
    versions: versions.map(({ version, expiresAt, state }) => ({
      version,
      endsAt: expiresAt?.getTime() ?? null,
      ended: state === "ended",
    })),
    rotation: stored,
  };
}

/** Versions that have not ended by then, oldest first. */
export function workingVersions(held: RotatedKey, now: number): number[] {
  return stateOf(held).versions.flatMap((life) => (isLive(life, now) ? [life.version] : []));
}

/** Stands for the versions of a key and what was done to its latest rotation: an ETag, with its quotes. */
export function tagOf({ versions, stored }: Pick<RotatedKey, "versions" | "stored">): string {
  return `"${versions.at(-1)?.version ?? 0}.${stored?.to ?? 0}.${stored?.revision ?? 0}"`;
}
