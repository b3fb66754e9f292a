const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/**
 * A string that must not be seen: it prints itself as `***` in templates, JSON, `console.log` and `util.inspect`, and
 * has no property to enumerate. The only way to the value is `reveal()`, so that every use can be found by its name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Hand it on at once; never log it or put it in an error. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect](): string {
    return "***";
  }
}
