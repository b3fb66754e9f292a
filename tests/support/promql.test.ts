import { describe, expect, test } from "vitest";
import { firingAt, parsePromql, Scraped } from "./promql.ts";

/** Series by name, each with its values at 0, 15, 30 … seconds; null where a scrape lacks it. */
function scraped(series: Readonly<Record<string, readonly (number | null)[]>>, everyS = 15): Scraped {
  const data = new Scraped();
  const longest = Math.max(...Object.values(series).map((values) => values.length));
  for (let index = 0; index < longest; index += 1) {
    const samples = Object.entries(series).flatMap(([key, values]) => {
      const [, name = "", labels = ""] = /^(\w+)(?:\{(.*)\})?$/.exec(key) ?? [];
      const value = values[index] ?? null;
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label, text]);
      return value === null ? [] : [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value }];
    });
    data.add(index * everyS, samples, {});
  }
  return data;
}
const valuesOf = (expression: string, data: Scraped, at: number) =>
  parsePromql(expression)(data, at).map(({ value }) => value);

/** Worked out by hand from how Prometheus defines its functions. */
describe("an expression has the value that Prometheus has for it", () => {
  test("increase and rate are extrapolated to the ends of the range, not below where a counter began", () => {
    const rising = scraped({ c: Array.from({ length: 11 }, (_, n) => n * 10) }, 300);
    expect(valuesOf("increase(c[50m])", rising, 3_000)).toEqual([100]);
    expect(valuesOf("rate(c[50m])", rising, 3_000)[0]).toBeCloseTo(100 / 3_000);
    const reset = scraped({ c: [0, 10, 20, 30, 0, 10, 20, 30, 40] }, 300);
    // From 10 to 30 and from 0 to 40, in 35 minutes of the 40.
    expect(valuesOf("increase(c[40m])", reset, 2_400)[0]).toBeCloseTo(60 * (2_400 / 2_100));
    // From 4 to 6 in 45 s, of 60 s.
    const slow = scraped({ c: [4, 4, 5, 6] });
    expect(valuesOf("increase(c[1m])", slow, 45)[0]).toBeCloseTo(2 * ((45 + 15) / 45));
  });

  test("of one sample alone there is no increase: a series that begins with its first event shows no rise", () => {
    expect(valuesOf("increase(c[5m])", scraped({ c: [null, null, 1] }), 30)).toEqual([]);
    expect(valuesOf("increase(c[5m])", scraped({ c: [null, null, 1, 1, 1] }), 60)).toEqual([0]);
  });

  test("histogram_quantile interpolates within a bucket, and is not a number where nothing was observed", () => {
    const buckets = { 'h{le="0.1"}': [5], 'h{le="0.5"}': [8], 'h{le="1"}': [10], 'h{le="+Inf"}': [10] };
    const data = scraped(buckets);
    expect(valuesOf("histogram_quantile(0.5, h)", data, 0)[0]).toBeCloseTo(0.1);
    expect(valuesOf("histogram_quantile(0.65, h)", data, 0)[0]).toBeCloseTo(0.3);
    expect(valuesOf("histogram_quantile(1, h)", data, 0)[0]).toBeCloseTo(1);
    const none = scraped({ 'h{le="1"}': [0], 'h{le="+Inf"}': [0] });
    expect(valuesOf("histogram_quantile(0.5, h) > 0", none, 0)).toEqual([]);
    const beyond = scraped({ 'h{le="1"}': [0], 'h{le="+Inf"}': [3] });
    expect(valuesOf("histogram_quantile(0.5, h)", beyond, 0)).toEqual([1]);
  });

  test("selectors, sums, comparisons and or", () => {
    const data = scraped({
      'a{x="1",y="1"}': [1],
      'a{x="1",y="2"}': [2],
      'a{x="2",y="1"}': [4],
      'b{x="2",y="1"}': [8],
    });
    expect(valuesOf('a{x="1"}', data, 0)).toEqual([1, 2]);
    expect(valuesOf('a{x=~"1|2",y!="2"}', data, 0)).toEqual([1, 4]);
    expect(valuesOf("sum(a)", data, 0)).toEqual([7]);
    expect(valuesOf("sum by (x) (a) >= 3", data, 0)).toEqual([3, 4]);
    expect(valuesOf("a > 1 or b > 0", data, 0)).toEqual([2, 4]);
    expect(valuesOf("(a == 5) or b", data, 0)).toEqual([8]);
  });

  test("a sample stands for five minutes, or until a scrape lacks it", () => {
    expect(valuesOf("a", scraped({ a: [1] }), 299)).toEqual([1]);
    expect(valuesOf("a", scraped({ a: [1] }), 300)).toEqual([]);
    expect(valuesOf("a", scraped({ a: [1, null], b: [1, 1] }), 15)).toEqual([]);
  });

  test.each(["avg(a)", "a offset 5m", "a and b", "a + 1", "rate(a)", "sum by x (a)", "a{x=1", "a > b", ""])(
    "what is not known is refused: %s",
    (text) => {
      expect(() => parsePromql(text)(new Scraped(), 0)).toThrow();
    },
  );
});

test("a rule fires once it was true for as long as it says, and not for what was true now and then", () => {
  const data = scraped({ a: [0, 1, 1, 1, 1, 1, 0, 1, 1] }, 60);
  const rule = { expr: "a > 0", for: "2m" };
  expect(firingAt(rule, data, { until: 480, everyS: 60 })).toEqual([180, 240, 300]);
  expect(firingAt({ expr: "a > 0" }, data, { until: 480, everyS: 60 })).toEqual([60, 120, 180, 240, 300, 420, 480]);
});
