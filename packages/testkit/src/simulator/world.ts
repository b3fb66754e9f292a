import type { Moment } from "@claviger/core";

/** A generator of random numbers that gives the same ones for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  int(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  between(min: number, max: number): number {
    return min + this.fraction() * (max - min);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new TypeError("nothing to pick from");
    return item;
  }
}

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** True time, in milliseconds, and what is to happen. Nothing in it reads a clock of this machine. */
export class World {
  readonly dice: Dice;
  now = 0;
  #order = 0;
  /** A binary heap. */
  readonly #plan: Planned[] = [];

  constructor(dice: Dice) {
    this.dice = dice;
  }

  /** What is planned for the same time happens in the order in which it was planned. */
  after(delay: number, run: () => void): void {
    this.#order += 1;
    const plan = this.#plan;
    plan.push({ at: this.now + Math.max(0, delay), order: this.#order, run });
    for (let i = plan.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!swapIfLater(plan, parent, i)) break;
      i = parent;
    }
  }

  runUntil(end: number): void {
    for (let next = this.#take(end); next !== null; next = this.#take(end)) {
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  #take(end: number): Planned | null {
    const plan = this.#plan;
    const first = plan[0];
    if (first === undefined || first.at > end) return null;
    const last = plan.pop();
    if (last !== undefined && plan.length > 0) {
      plan[0] = last;
      for (let i = 0; ; ) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        const least = right < plan.length && isLater(plan[left], plan[right]) ? right : left;
        if (least >= plan.length || !swapIfLater(plan, i, least)) break;
        i = least;
      }
    }
    return first;
  }
}

function isLater(a: Planned | undefined, b: Planned | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at > b.at || (a.at === b.at && a.order > b.order);
}

function swapIfLater(plan: Planned[], upper: number, lower: number): boolean {
  const [a, b] = [plan[upper], plan[lower]];
  if (a === undefined || b === undefined || !isLater(a, b)) return false;
  plan[upper] = b;
  plan[lower] = a;
  return true;
}

/** Something that has a clock of its own, may stand still while the world goes on, and may be killed. */
export class Process {
  readonly world: World;
  readonly name: string;
  /** How fast its monotonic clock runs, against true time. */
  readonly rate: number;
  alive = true;
  /** Runs before anything that waited, when it goes on. */
  onResume: () => void = () => undefined;
  #paused = 0;
  #waiting: (() => void)[] = [];
  #wallAhead: number;
  /** Of the monotonic clock, which does not count the sleep of a machine. */
  #slept = 0;

  /** `wallAhead`: how far its wall clock is ahead of the true one, in milliseconds. */
  constructor(world: World, name: string, rate: number, wallAhead: number) {
    this.world = world;
    this.name = name;
    this.rate = rate;
    this.#wallAhead = wallAhead;
  }

  get paused(): boolean {
    return this.#paused > 0;
  }

  /** Both clocks, read now; wall clocks give whole milliseconds. */
  moment(): Moment {
    const ticked = this.world.now * this.rate;
    return { mono: ticked - this.#slept, wall: WALL_ORIGIN + Math.floor(ticked + this.#wallAhead) };
  }

  /** Runs after so many milliseconds of its own clock, or once it goes on after that; never if it was killed. */
  after(ms: number, run: () => void): void {
    this.world.after(ms / this.rate, () => this.receive(run));
  }

  /** Runs now, or when it goes on. */
  receive(run: () => void): void {
    if (!this.alive) return;
    if (this.#paused > 0) this.#waiting.push(run);
    else run();
  }

  /** Stands still for `ms` of true time. What comes meanwhile is done afterwards, in its order. */
  pause(ms: number): void {
    this.#paused += 1;
    this.world.after(ms, () => this.#resume());
  }

  /** The machine sleeps: the monotonic clock stands still as well, the wall clock goes on. */
  sleep(ms: number): void {
    this.pause(ms);
    this.#slept += ms * this.rate;
  }

  stepWall(ms: number): void {
    this.#wallAhead += ms;
  }

  kill(): void {
    this.alive = false;
    this.#waiting = [];
  }

  #resume(): void {
    this.#paused -= 1;
    if (this.#paused > 0 || !this.alive) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.onResume();
    for (const run of waiting) this.receive(run);
  }
}

const WALL_ORIGIN = 1_700_000_000_000;
