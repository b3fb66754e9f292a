import type { Moment } from "../coherence/moment.ts";
import { ClavigerError } from "../errors/index.ts";
import type { Renewed } from "./holder.ts";
import { Part, type PartOptions } from "./part.ts";
import type { Inheritance } from "./stores.ts";
import { type PartStanding, partOf } from "./stores.ts";
import type { WindowCounter } from "./window-counter.ts";

/** The parts of the store, as many as the last renewal named. */
export class Parts {
  readonly #options: PartOptions;
  readonly #onOthers: () => void;
  #parts: Part[] = [];
  #dividing: Promise<void> | null = null;

  /** @param onOthers told when there is another number of them than before, so that counters belong to other parts */
  constructor(options: PartOptions, onOthers: () => void) {
    this.#options = options;
    this.#onOthers = onOthers;
  }

  /** Whether a renewal has told how many there are. */
  get areNamed(): boolean {
    return this.#parts.length > 0;
  }

  /** Index of the part that a counter belongs to. */
  indexOf(counter: string): number {
    return partOf(counter, this.#parts.length);
  }

  at(index: number): Part {
    const part = this.#parts[index];
    if (part === undefined) throw new TypeError("no renewal has named this part of the store");
    return part;
  }

  /** Takes in a renewal: prolongs leases, and enters epochs that are new with what is held of `counters`. */
  async renewed({ renewal, before }: Renewed, counters: () => Iterable<WindowCounter>): Promise<void> {
    const { parts } = renewal;
    if (parts.length === 0) throw new ClavigerError("UNAVAILABLE", { internal: "the store of limits names no parts" });
    if (parts.length !== this.#parts.length) await this.#divideAnew(parts.length);
    await this.#each(parts, async (part, standing) => {
      if (part.renewed(standing, before)) await part.enter(standing, before, counters());
    });
  }

  /** Takes over what holders left that are gone, in the parts of which the renewal says so, or in `all`. */
  async inherit(
    { renewal }: Renewed,
    all: boolean,
    take: (inheritance: Inheritance) => void,
    hasRoom: () => boolean,
  ): Promise<void> {
    await this.#each(renewal.parts, async (part, { heirless }) => {
      if (heirless || all) await part.inherit(take, hasRoom);
    });
  }

  /** The holder is another one. */
  reset(): void {
    for (const part of this.#parts) part.reset();
  }

  /** Another store, which is of as many parts. What is held may be spent until the lease in the former one ends. */
  #divideAnew(count: number): Promise<void> {
    this.#dividing ??= this.#divide(count).finally(() => {
      this.#dividing = null;
    });
    return this.#dividing;
  }

  async #divide(count: number): Promise<void> {
    const former = this.#parts;
    await Promise.all(former.map((part) => part.retire()));
    const leases = former.map((part) => part.leasedFrom);
    const lease = leases.reduce<Moment | null>(earlier, leases[0] ?? null);
    this.#parts = Array.from({ length: count }, (_, index) => new Part(index, this.#options, lease));
    this.#onOthers();
  }

  async #each(
    standings: readonly PartStanding[],
    work: (part: Part, standing: PartStanding) => Promise<void>,
  ): Promise<void> {
    await Promise.all(
      standings.map((standing, index) => {
        const part = this.#parts[index];
        return part === undefined ? undefined : work(part, standing);
      }),
    );
  }
}

/** The one that ends first; null, which has ended, before any other. */
function earlier(one: Moment | null, other: Moment | null): Moment | null {
  if (one === null || other === null) return null;
  return one.mono <= other.mono ? one : other;
}
