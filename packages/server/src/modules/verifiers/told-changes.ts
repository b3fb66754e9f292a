/**
 * What was invalidated at this node and not yet told to sessions. Invalidations come before the number is applied, a change
 * of this process perhaps ahead of those between, so they wait here until the node has applied everything up to theirs.
 */
export class ToldChanges {
  readonly #noted = new Map<number, readonly string[]>();
  #dropped = false;

  note(seq: number, subjects: readonly string[]): void {
    this.#noted.set(seq, subjects);
  }

  /** What is to be told next cannot be told by subjects. */
  drop(): void {
    this.#dropped = true;
  }

  /** What was touched up to `seq`; null: everything may have been. It is told with this. */
  take(seq: number): readonly string[] | null {
    const taken: string[] = [];
    for (const [noted, subjects] of this.#noted) {
      if (noted > seq) continue;
      this.#noted.delete(noted);
      for (const subject of subjects) taken.push(subject);
    }
    if (!this.#dropped) return taken;
    this.#dropped = false;
    return null;
  }
}
