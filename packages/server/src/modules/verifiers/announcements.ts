/** What is applied here and not yet told to all: subjects touched since what was told before, up to `seq`. */
interface Announcement {
  readonly seq: number;
  readonly subjects: readonly string[];
}

export interface AnnouncementsPorts {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** Names of all that are to be told. */
  names(): Iterable<string>;
  /** Tells one of them, which may be gone by now, or know it already. */
  tell(name: string, announcement: Announcement): void;
}

/** How long one turn of the event loop may tell, in milliseconds; and how many are told between two looks at the clock. */
const TURN_MS = 1;
const AT_A_TIME = 16;

/**
 * Tells all sessions what was applied, over as many turns of the event loop as it takes: in one, very many of them would hold up
 * whatever else the node does. Each is told in the order in which things were applied. What is applied meanwhile waits, and is told
 * as one. Nothing is acknowledged too early by that: whoever was not told yet has not acknowledged either.
 */
export class Announcements {
  readonly #ports: AnnouncementsPorts;
  #names: Iterator<string> | null = null;
  #current: Announcement | null = null;
  #waiting: Announcement | null = null;
  #next: NodeJS.Immediate | null = null;

  constructor(ports: AnnouncementsPorts) {
    this.#ports = ports;
  }

  add({ seq, subjects }: Announcement): void {
    const waiting = this.#waiting?.subjects ?? [];
    this.#waiting = { seq, subjects: waiting.length === 0 ? subjects : [...waiting, ...subjects] };
    if (this.#next === null) this.#turn(TURN_MS);
  }

  /** Tells all of it now. */
  finish(): void {
    this.#turn(Number.POSITIVE_INFINITY);
  }

  stop(): void {
    if (this.#next !== null) clearImmediate(this.#next);
    this.#next = null;
  }

  #turn(ms: number): void {
    this.stop();
    const until = this.#ports.now() + ms;
    while (this.#tellSome()) {
      if (this.#ports.now() < until) continue;
      this.#next = setImmediate(() => this.#turn(ms));
      return;
    }
  }

  /** Returns whether there is more to tell. */
  #tellSome(): boolean {
    if (this.#current === null) {
      if (this.#waiting === null) return false;
      [this.#current, this.#waiting] = [this.#waiting, null];
      this.#names = [...this.#ports.names()].values();
    }
    for (let told = 0; told < AT_A_TIME; told += 1) {
      const name = this.#names?.next();
      if (name === undefined || name.done === true) {
        this.#current = null;
        return this.#waiting !== null;
      }
      this.#ports.tell(name.value, this.#current);
    }
    return true;
  }
}
