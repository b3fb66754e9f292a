/**
 * As much of PromQL as the alerting rules use, with the results that Prometheus has: selectors, `rate` and `increase` with its
 * extrapolation, `histogram_quantile`, `sum`, comparison with a number, and `or`.
 */
import type { Sample } from "./exposition.ts";

type Labels = Readonly<Record<string, string>>;

/** Samples of one series: seconds and values, oldest first. */
interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly points: [at: number, value: number][];
}

/** One value of an instant. */
export interface Value {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** What was scraped. A series that a scrape lacks has ended there. */
export class Scraped {
  readonly #series = new Map<string, Series>();
  /** By series, when it was gone. */
  readonly #stale = new Map<string, number>();

  /** Samples in the order of time; `target`: labels that the scrape adds. */
  add(at: number, samples: readonly Sample[], target: Labels): void {
    const seen = new Set<string>();
    for (const { name, labels, value } of samples) {
      const all = { ...labels, ...target };
      const key = keyOf(name, all);
      const series = this.#series.get(key) ?? { name, labels: all, points: [] };
      series.points.push([at, value]);
      this.#series.set(key, series);
      seen.add(key);
      this.#stale.delete(key);
    }
    for (const key of this.#series.keys()) if (!seen.has(key) && !this.#stale.has(key)) this.#stale.set(key, at);
  }

  select(name: string, matchers: readonly Matcher[]): readonly (Series & { readonly staleAt: number })[] {
    return [...this.#series]
      .filter(([, series]) => series.name === name && matchers.every((matches) => matches(series.labels)))
      .map(([key, series]) => ({ ...series, staleAt: this.#stale.get(key) ?? Number.POSITIVE_INFINITY }));
  }
}

const keyOf = (name: string, labels: Labels): string =>
  `${name} ${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;

type Matcher = (labels: Labels) => boolean;
type Expression = (data: Scraped, at: number) => readonly Value[];
type Range = (data: Scraped, at: number) => readonly (Series & { readonly from: number })[];

/** For so long a sample stands for its series. */
const LOOKBACK_S = 300;

/** Throws for what it does not know. */
export function parsePromql(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  return expression;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:ms|[smhd])?)|([A-Za-z_:][A-Za-z0-9_:]*)|("(?:[^"\\]|\\.)*")|(=~|!~|!=|==|>=|<=|[-+*/(){}[\],<>=]))/y;
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };
const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

class Parser {
  readonly #tokens: string[] = [];
  #next = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    for (let at = 0; text.slice(at).trim() !== ""; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      const [, ...parts] = TOKEN.exec(text) ?? [];
      const token = parts.find((part) => part !== undefined);
      if (token === undefined) throw new TypeError(`not known here: ${text.slice(at)}`);
      this.#tokens.push(token);
    }
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw new TypeError(`not known here: ${this.#tokens[this.#next]}`);
  }

  expression(): Expression {
    let left = this.#comparison();
    while (this.#takes("or")) left = either(left, this.#comparison());
    return left;
  }

  #comparison(): Expression {
    const left = this.#term();
    const compare = COMPARISONS[this.#tokens[this.#next] ?? ""];
    if (compare === undefined) return left;
    this.#next += 1;
    const limit = Number(this.#take());
    if (Number.isNaN(limit)) throw new TypeError("compared with a number alone");
    return (data, at) => left(data, at).filter(({ value }) => compare(value, limit));
  }

  #term(): Expression {
    const word = this.#take();
    switch (word) {
      case "(":
        return this.#inParentheses(() => this.expression(), true);
      case "sum":
        return this.#sum();
      case "rate":
      case "increase":
        return this.#inParentheses(() => counted(this.#range(), word === "rate"));
      case "histogram_quantile":
        return this.#inParentheses(() => {
          const quantile = Number(this.#take());
          this.#expect(",");
          return quantileOf(quantile, this.expression());
        });
      default:
        return instant(this.#selector(word));
    }
  }

  #sum(): Expression {
    const by: string[] = [];
    if (this.#takes("by")) {
      this.#expect("(");
      do by.push(this.#take());
      while (this.#takes(","));
      this.#expect(")");
    }
    return summed(
      this.#inParentheses(() => this.expression()),
      by,
    );
  }

  #range(): Range {
    const select = this.#selector(this.#take());
    this.#expect("[");
    const [, count, unit = ""] = /^(\d+)(ms|[smhd])$/.exec(this.#take()) ?? [];
    const seconds = Number(count) * (SECONDS[unit] ?? Number.NaN);
    if (Number.isNaN(seconds)) throw new TypeError("a range has a duration");
    this.#expect("]");
    return (data, at) =>
      select(data).map((series) => ({
        ...{ ...series, from: at - seconds },
        points: series.points.filter(([when]) => when > at - seconds && when <= at),
      }));
  }

  #selector(name: string): (data: Scraped) => ReturnType<Scraped["select"]> {
    if (!/^[A-Za-z_:]/.test(name)) throw new TypeError(`no name: ${name}`);
    const matchers: Matcher[] = [];
    if (this.#takes("{")) {
      while (!this.#takes("}")) {
        matchers.push(matcher(this.#take(), this.#take(), this.#take().slice(1, -1)));
        this.#takes(",");
      }
    }
    return (data) => data.select(name, matchers);
  }

  #inParentheses<T>(inner: () => T, opened = false): T {
    if (!opened) this.#expect("(");
    const value = inner();
    this.#expect(")");
    return value;
  }

  #take(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new TypeError("it ends too soon");
    this.#next += 1;
    return token;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#takes(token)) throw new TypeError(`${token} is missing before ${this.#tokens[this.#next] ?? "the end"}`);
  }
}

function matcher(label: string, operator: string, wanted: string): Matcher {
  const whole = new RegExp(`^(?:${wanted})$`);
  const by: Readonly<Record<string, (own: string) => boolean>> = {
    "=": (own) => own === wanted,
    "!=": (own) => own !== wanted,
    "=~": (own) => whole.test(own),
    "!~": (own) => !whole.test(own),
  };
  const matches = by[operator];
  if (matches === undefined) throw new TypeError(`no matcher: ${operator}`);
  return (labels) => matches(labels[label] ?? "");
}

function instant(select: (data: Scraped) => ReturnType<Scraped["select"]>): Expression {
  return (data, at) =>
    select(data).flatMap(({ name, labels, points, staleAt }) => {
      const last = points.findLast(([when]) => when <= at);
      const gone = last === undefined || last[0] <= at - LOOKBACK_S || (staleAt <= at && staleAt > last[0]);
      return gone ? [] : [{ name, labels, value: last[1] }];
    });
}

function counted(range: Range, perSecond: boolean): Expression {
  return (data, at) =>
    range(data, at).flatMap(({ labels, points, from }) => {
      const value = increaseOf(points, from, at);
      return value === null ? [] : [{ name: "", labels, value: perSecond ? value / (at - from) : value }];
    });
}

/** As Prometheus extrapolates it to the ends of the range. */
function increaseOf(points: Series["points"], from: number, to: number): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const resets = points
    .slice(1)
    .map(([, value], index) => (value < (points[index]?.[1] ?? 0) ? points[index]?.[1] : 0));
  const rise = last[1] - first[1] + resets.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  const sampled = last[0] - first[0];
  const between = sampled / (points.length - 1);
  const reach = (gap: number): number => (gap < between * 1.1 ? gap : between / 2);
  let toStart = reach(first[0] - from);
  // A counter was not below 0.
  if (rise > 0 && first[1] >= 0) toStart = Math.min(toStart, sampled * (first[1] / rise));
  return rise * ((sampled + toStart + reach(to - last[0])) / sampled);
}

function summed(inner: Expression, by: readonly string[]): Expression {
  return (data, at) => {
    const groups = new Map<string, { labels: Labels; value: number }>();
    for (const { labels, value } of inner(data, at)) {
      const own = Object.fromEntries(by.flatMap((label) => (label in labels ? [[label, labels[label] ?? ""]] : [])));
      const key = keyOf("", own);
      groups.set(key, { labels: own, value: (groups.get(key)?.value ?? 0) + value });
    }
    return [...groups.values()].map((group) => ({ name: "", ...group }));
  };
}

function quantileOf(quantile: number, inner: Expression): Expression {
  return (data, at) => {
    const histograms = new Map<string, { labels: Labels; buckets: [end: number, count: number][] }>();
    for (const { labels, value } of inner(data, at)) {
      const { le = "", ...rest } = labels;
      const known = histograms.get(keyOf("", rest)) ?? { labels: rest, buckets: [] };
      known.buckets.push([le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le), value]);
      histograms.set(keyOf("", rest), known);
    }
    return [...histograms.values()].map(({ labels, buckets }) => ({
      ...{
        name: "",
        labels,
        value: withinBuckets(
          quantile,
          buckets.toSorted(([a], [b]) => a - b),
        ),
      },
    }));
  };
}

function withinBuckets(quantile: number, buckets: readonly [end: number, count: number][]): number {
  const total = buckets.at(-1);
  if (total?.[0] !== Number.POSITIVE_INFINITY || buckets.length < 2 || total[1] === 0) return Number.NaN;
  const rank = quantile * total[1];
  const at = buckets.findIndex(([, count]) => count >= rank);
  const [end, count] = buckets[at] ?? total;
  if (at === buckets.length - 1) return buckets.at(-2)?.[0] ?? Number.NaN;
  const [start, below] = buckets[at - 1] ?? [0, 0];
  return start + (end - start) * ((rank - below) / (count - below));
}

/** Series of the right that no series of the left has the labels of, beside the left. */
function either(left: Expression, right: Expression): Expression {
  return (data, at) => {
    const first = left(data, at);
    const known = new Set(first.map(({ labels }) => keyOf("", labels)));
    return [...first, ...right(data, at).filter(({ labels }) => !known.has(keyOf("", labels)))];
  };
}

const DURATION = /^(\d+)(ms|[smhd])$/;

/** Seconds of a duration as rules write it. */
export function secondsOf(duration: string): number {
  const [, count, unit = ""] = DURATION.exec(duration) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? Number.NaN);
  if (Number.isNaN(seconds)) throw new TypeError(`no duration: ${duration}`);
  return seconds;
}

export interface Rule {
  readonly expr: string;
  readonly for?: string;
}

/** When a rule that is looked at every so many seconds fires, for any labels: true for as long as its `for` at a time. */
export function firingAt(rule: Rule, data: Scraped, { until, everyS }: { until: number; everyS: number }): number[] {
  const expression = parsePromql(rule.expr);
  const lasts = rule.for === undefined ? 0 : secondsOf(rule.for);
  let since = new Map<string, number>();
  const firing: number[] = [];
  for (let at = everyS; at <= until; at += everyS) {
    const before = since;
    const keys = expression(data, at).map(({ labels }) => keyOf("", labels));
    since = new Map(keys.map((key) => [key, before.get(key) ?? at]));
    if ([...since.values()].some((began) => at - began >= lasts)) firing.push(at);
  }
  return firing;
}
