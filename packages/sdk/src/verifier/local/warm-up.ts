import type { WarmUpStore } from "../verifier.ts";
import type { LookUp } from "./look-ups.ts";

export interface WarmUpPorts {
  readonly store: WarmUpStore;
  /** Keys at most. */
  readonly most: number;
  /** Reads into memory what every decision needs beside the key; false where that cannot be had now. */
  ready(): Promise<boolean>;
  /** Reads the key of a SHA-256 in base64url into memory. Never rejects. */
  read(wireHash: string): Promise<LookUp>;
  /** Why there was no warm-up, or will be none at the next start. */
  warn(reason: string): void;
}

const HASH_BYTES = 32;
/** Keys that are read at a time, which leaves room for those that callers wait for. */
const AT_A_TIME = 128;
/** Hashes that nobody has, after which the rest is left alone: they are of another installation, and each costs a budget. */
const UNKNOWN_BORNE = 100;

/**
 * Which keys are in use, so that they can be read ahead at the next start: the first request with each needs no node then. A node
 * cannot tell, because it knows keys only by what was presented to it. Kept are SHA-256 hashes, of which nobody makes a key.
 */
export class WarmUp {
  readonly #ports: WarmUpPorts;
  /** Oldest first. */
  readonly #known = new Set<string>();
  #changed = false;
  #saving: Promise<void> | null = null;
  #stopped = false;

  constructor(ports: WarmUpPorts) {
    this.#ports = ports;
  }

  /** This key was read into memory. */
  note(wireHash: string): void {
    this.#known.delete(wireHash);
    this.#known.add(wireHash);
    this.#changed = true;
    if (this.#known.size <= this.#ports.most) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** Reads what was saved into memory, the newest first. Never rejects; what cannot be read now is remembered all the same. */
  async load(): Promise<void> {
    const hashes = await this.#saved();
    for (const hash of hashes.toReversed()) this.#known.add(hash);
    if (!(await this.#ports.ready())) return;
    let next = 0;
    let unknown = 0;
    const work = async (): Promise<void> => {
      while (!this.#stopped && next < hashes.length && unknown < UNKNOWN_BORNE) {
        const hash = hashes[next++] ?? "";
        if ((await this.#ports.read(hash)) !== "NOT_FOUND") continue;
        unknown += 1;
        this.#known.delete(hash);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    if (unknown >= UNKNOWN_BORNE) this.#ports.warn("most of the keys that were saved are of another installation");
  }

  /** Saves what has changed since the last time. Never rejects. */
  save(): Promise<void> {
    if (!this.#changed) return this.#saving ?? Promise.resolve();
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  /** Reads nothing more, and saves what there is. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#saving;
    await this.save();
  }

  async #saved(): Promise<string[]> {
    try {
      const bytes = await this.#ports.store.load();
      if (bytes === null) return [];
      if (bytes.length % HASH_BYTES !== 0) throw new TypeError("what was saved is not a list of hashes");
      const count = Math.min(bytes.length / HASH_BYTES, this.#ports.most);
      const all = Buffer.from(bytes.buffer, bytes.byteOffset, count * HASH_BYTES);
      return Array.from({ length: count }, (_, index) =>
        all.toString("base64url", index * HASH_BYTES, (index + 1) * HASH_BYTES),
      );
    } catch (error) {
      this.#ports.warn(`the keys in use could not be loaded: ${reasonOf(error)}`);
      return [];
    }
  }

  async #save(): Promise<void> {
    this.#changed = false;
    const newestFirst = [...this.#known].reverse();
    try {
      await this.#ports.store.save(Buffer.concat(newestFirst.map((hash) => Buffer.from(hash, "base64url"))));
    } catch (error) {
      this.#changed = true;
      this.#ports.warn(`the keys in use could not be saved for the next start: ${reasonOf(error)}`);
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
