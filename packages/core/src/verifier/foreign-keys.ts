/** Characters of an imported key of another form than those that are issued here. A shorter one could be guessed. */
export const FOREIGN_KEY_LENGTH = { least: 16, most: 512 } as const;

/** Hashes of what nobody has that are remembered, by default; each takes about a hundred bytes. */
const MOST_UNKNOWN = 50_000;

/** Whether a string may be an imported key of another form: so long, and printable ASCII without spaces. */
export function mayBeForeign(secret: string): boolean {
  const { length } = secret;
  if (length < FOREIGN_KEY_LENGTH.least || length > FOREIGN_KEY_LENGTH.most) return false;
  for (let at = 0; at < length; at += 1) {
    const code = secret.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return true;
}

/**
 * Strings of another form that nobody has. Imported keys carry no tag, so that only the database knows which there are: what it does not
 * know is remembered here and not asked for again, until keys are imported. Bounded: the oldest is forgotten first.
 */
export class UnknownKeys {
  readonly #most: number;
  /** Each with until when. */
  readonly #hashes = new Map<string, number>();
  #generation = 0;

  constructor(most: number = MOST_UNKNOWN) {
    this.#most = most;
  }

  /** Read before a question, and given with its answer. */
  get generation(): number {
    return this.#generation;
  }

  /** `now`: of the clock by which some were noted for a time. */
  has(hash: string, now = 0): boolean {
    return (this.#hashes.get(hash) ?? Number.NEGATIVE_INFINITY) > now;
  }

  /** Nobody has it, as of a question that was asked in that generation; an answer from before an import says nothing. */
  note(hash: string, generation: number, until = Number.POSITIVE_INFINITY): void {
    if (generation !== this.#generation) return;
    this.#hashes.delete(hash);
    this.#hashes.set(hash, until);
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > this.#most && oldest !== undefined) this.#hashes.delete(oldest);
  }

  /** Keys were imported: what nobody had, somebody may have now. */
  forget(): void {
    this.#generation += 1;
    this.#hashes.clear();
  }
}
