/** One thing to measure. */
export interface Row {
  readonly name: string;
  /** Does it `count` times, from the `from`th of a fixed sequence of inputs, and gives a number that depends on all of it. */
  readonly run: (count: number, from: number) => number;
}

/** Nanoseconds for one time, in each round. */
export type Timings = ReadonlyMap<string, readonly number[]>;

export interface Plan {
  readonly rounds: number;
  /** Turns of each row in one round. */
  readonly turns: number;
}

/** Timed pieces of one turn: short, so that most of them are not interrupted, however busy the machine is. */
const PIECES = 10;
const PER_PIECE = 1000;
/** Pieces of a turn that are not counted, for in them the caches still hold what the row before has used. */
const WARMING = 2;

/**
 * Warms up, then measures all rows in rounds in which they take turns, in another order each time: whatever else the
 * machine does hurts all of them alike. The figure of a round is the median of its pieces, by the time of day. Between two turns
 * the event loop does what has to be done, such as renewing a lease.
 */
export async function measure(rows: readonly Row[], plan: Plan): Promise<Timings> {
  const timings = new Map<string, number[]>(rows.map(({ name }) => [name, []]));
  let from = 0;
  const turn = async (row: Row, pieces: number[]): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (let piece = 0; piece < PIECES; piece++) {
      const started = performance.now();
      consume(row.run(PER_PIECE, from));
      const elapsed = performance.now() - started;
      from += PER_PIECE;
      if (piece >= WARMING) pieces.push((elapsed / PER_PIECE) * 1e6);
    }
  };
  for (let i = 0; i < plan.turns; i++) for (const row of rows) await turn(row, []);
  for (let round = 0; round < plan.rounds; round++) {
    const pieces = new Map<string, number[]>(rows.map(({ name }) => [name, []]));
    for (let i = 0; i < plan.turns * rows.length; i++) {
      const row = rows[(i + Math.floor(i / rows.length)) % rows.length];
      if (row !== undefined) await turn(row, pieces.get(row.name) ?? []);
    }
    for (const [name, times] of pieces) timings.get(name)?.push(spreadOf(times).median);
  }
  return timings;
}

let consumed = 0;

/** Keeps a result alive, so that no compiler may leave out what led to it. */
export function consume(result: number): void {
  consumed = (consumed + result) | 0;
}

/** What all results came to; print it, and nothing could have been left out. */
export function everythingConsumed(): number {
  return consumed;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { min: at(0), median: at(0.5), max: at(1) };
}

/** How many times as many per second as the baseline, round by round: a busy round hurts both. */
export function ratios(baseline: readonly number[], row: readonly number[]): number[] {
  return row.map((time, round) => (baseline[round] ?? Number.NaN) / time);
}
