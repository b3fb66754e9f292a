/** A shared thing: one object for all records that hold equal ones. */
export interface Interned {
  readonly name: string;
  /** How many records or other shared things hold it. */
  references: number;
}

/** Shared things by a name that says their whole content. One goes when nothing refers to it. */
export class Interner<T extends Interned> {
  readonly #byName = new Map<string, T>();

  /** The thing of this name with one more reference; made by `make` where there is none. */
  refer(name: string, make: (name: string) => T): T {
    let thing = this.#byName.get(name);
    if (thing === undefined) {
      thing = make(name);
      this.#byName.set(name, thing);
    }
    thing.references++;
    return thing;
  }

  /** One reference less. True if that was the last one. */
  release(thing: T): boolean {
    thing.references--;
    if (thing.references > 0) return false;
    this.forget(thing);
    return true;
  }

  /** A later `refer` makes another one; those that hold this one keep it. */
  forget(thing: T): void {
    if (this.#byName.get(thing.name) === thing) this.#byName.delete(thing.name);
  }

  get size(): number {
    return this.#byName.size;
  }
}
