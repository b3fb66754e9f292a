/** Names of one table that are remembered; beyond it no more are. */
const REMEMBERED = 100_000;

interface Names {
  /** The hour or day of the names; 0 where the table has none. */
  readonly startsAt: number;
  readonly names: Set<string>;
}

/**
 * Values that tables of counts have for certain, so that nobody asks whether there is room for them: of the newest hour or day alone, whose rows
 * nobody deletes. What is not known here is asked of the database.
 */
export class KnownValues {
  readonly #tables = new Map<string, Names>();

  has(table: string, startsAt: number, name: string): boolean {
    const known = this.#tables.get(table);
    return known !== undefined && known.startsAt === startsAt && known.names.has(name);
  }

  /** What a transaction writes: it is known once that has committed. */
  begin(): LearnedValues {
    const learned: [table: string, startsAt: number, name: string][] = [];
    return {
      has: (table, startsAt, name) => this.has(table, startsAt, name),
      add: (table, startsAt, name) => void learned.push([table, startsAt, name]),
      committed: () => {
        for (const each of learned) this.#add(...each);
      },
    };
  }

  #add(table: string, startsAt: number, name: string): void {
    let known = this.#tables.get(table);
    if (known === undefined || known.startsAt < startsAt) {
      known = { startsAt, names: new Set() };
      this.#tables.set(table, known);
    }
    if (known.startsAt === startsAt && known.names.size < REMEMBERED) known.names.add(name);
  }
}

export interface LearnedValues {
  has(table: string, startsAt: number, name: string): boolean;
  add(table: string, startsAt: number, name: string): void;
  committed(): void;
}
