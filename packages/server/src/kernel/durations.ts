import type { Histogram, Registry } from "prom-client";

interface Options {
  readonly name: string;
  readonly help: string;
  /** Upper ends of the buckets in seconds, ascending; a last one without an end is added. */
  readonly bounds: readonly number[];
  readonly registry: Registry;
}

/** Durations of one kind with one set of labels. */
export class DurationSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: number[];
  sum = 0;
  readonly #bounds: readonly number[];

  constructor(labels: Readonly<Record<string, string>>, bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(seconds: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && seconds > (bounds[at] ?? 0)) at += 1;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += seconds;
  }
}

/**
 * A histogram of Prometheus whose series are looked up once and then counted into: for a verification, looking one up by its labels
 * each time would cost more than counting.
 */
export class Durations {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly aggregator = "sum";
  readonly #bounds: readonly number[];
  readonly #series: DurationSeries[] = [];

  constructor({ name, help, bounds, registry }: Options) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    // The registry asks of a metric only what is here.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** A new series; whoever asks keeps it, and asks once for the same labels. */
  series(labels: Readonly<Record<string, string>>): DurationSeries {
    const series = new DurationSeries(labels, this.#bounds);
    this.#series.push(series);
    return series;
  }

  async get() {
    const values = this.#series.flatMap((series) => this.#valuesOf(series));
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values };
  }

  #valuesOf({ labels, counts, sum }: DurationSeries) {
    let count = 0;
    const buckets = counts.map((own, at) => {
      count += own;
      return value(`${this.name}_bucket`, { ...labels, le: String(this.#bounds[at] ?? "+Inf") }, count);
    });
    return [...buckets, value(`${this.name}_sum`, labels, sum), value(`${this.name}_count`, labels, count)];
  }
}

function value(metricName: string, labels: Readonly<Record<string, string>>, of: number) {
  return { metricName, labels, value: of };
}
