import type { Secret } from "@claviger/core";

/** What is put into a store. */
export interface Parcel {
  /** Below the prefix of the store, which is in it. */
  readonly path: string;
  readonly key: string;
  readonly version: number;
  readonly secret: Secret;
  /** Of letters and digits, 64: the same at each attempt. */
  readonly token: string;
}

/** `newer`: the store holds a later version of this key, and keeps it. `reason` holds nothing that the store answered. */
export type Sent = { readonly kind: "taken" | "newer" } | { readonly kind: "failed"; readonly reason: string };

/** One kind of store. Whatever goes wrong is told, and nothing is thrown. */
export interface Kind {
  put(parcel: Parcel, signal: AbortSignal): Promise<Sent>;
  /** What the store holds there now; null where nothing can be read. Left out where the kind reads nothing. */
  readonly read?: (path: string, signal: AbortSignal) => Promise<Held | null>;
}

/** What stores hold of ours. */
export interface Held {
  readonly key: string;
  readonly version: number;
  readonly secret: string;
}

export const contentOf = ({ key, version, secret }: Parcel) => ({
  ...{ key, version: String(version), secret: secret.reveal() },
});

/** Null for what is not ours. */
export function readHeld(data: unknown): Held | null {
  if (typeof data !== "object" || data === null) return null;
  const { key, version, secret } = data as Record<string, unknown>;
  const number = Number(version);
  if (typeof key !== "string" || typeof secret !== "string" || !Number.isSafeInteger(number)) return null;
  return { key, version: number, secret };
}

/** Null: it is to be written. What is of somebody else is never written over. */
export function beforePut(held: Held | null, parcel: Parcel): Sent | null {
  if (held === null || held.key !== parcel.key) {
    return { kind: "failed", reason: "the path holds something else, which is not written over" };
  }
  if (held.version > parcel.version) return { kind: "newer" };
  if (held.version === parcel.version && held.secret === parcel.secret.reveal()) return { kind: "taken" };
  return null;
}

export function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export function objectIn(value: unknown, name: string): Record<string, unknown> | null {
  const inner = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : null;
  return typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : null;
}
