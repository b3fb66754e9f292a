/** The text format of Prometheus, and the names that an expression of PromQL asks for. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly kind: string;
  readonly samples: readonly Sample[];
}

const SUFFIXES = ["_bucket", "_sum", "_count"];

/** Families by name. Throws for a line that is no sample of a family told of before. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { kind: string; samples: Sample[] }>();
  for (const line of text.split("\n")) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type !== null) families.set(type[1] ?? "", { kind: type[2] ?? "", samples: [] });
    else if (line !== "" && !line.startsWith("#")) {
      const sample = sampleOf(line);
      const family = families.get(sample.name) ?? families.get(familyOf(sample.name));
      if (family === undefined) throw new TypeError(`no family was told of before ${line}`);
      family.samples.push(sample);
    }
  }
  return families;
}

const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

function sampleOf(line: string): Sample {
  const parts = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (parts === null) throw new TypeError(`no sample: ${line}`);
  const labels = Object.fromEntries([...(parts[2] ?? "").matchAll(LABEL)].map(([, name, value]) => [name, value]));
  return { name: parts[1] ?? "", labels, value: Number(parts[3]) };
}

/** Of a bucket, a sum or a count, the histogram. */
export function familyOf(name: string): string {
  const suffix = SUFFIXES.find((each) => name.endsWith(each));
  return suffix === undefined ? name : name.slice(0, -suffix.length);
}

export interface Asked {
  /** Metrics, each with the labels by which it is chosen. */
  readonly metrics: readonly { readonly name: string; readonly labels: readonly string[] }[];
  /** Labels by which is grouped. */
  readonly groups: readonly string[];
}

const WORDS = new Set(["by", "without", "and", "or", "unless", "offset", "bool", "on", "ignoring"]);

/** What an expression asks for. It knows selectors, functions, operators and `by (…)`; that is all that is used here. */
export function askedBy(expression: string): Asked {
  const groups: string[] = [];
  const bare = expression
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(?:by|without|on|ignoring) *\(([^)]*)\)/g, (_, names: string) => {
      groups.push(...names.split(",").map((name) => name.trim()));
      return "";
    });
  const metrics: { name: string; labels: string[] }[] = [];
  const selector = /([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{[^}]*\}|\()?/g;
  // Text between quotes is no name; what stands in braces is kept whole.
  for (const [, name = "", rest = ""] of bare.matchAll(selector)) {
    if (rest === "(" || WORDS.has(name)) continue;
    const labels = [...rest.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)\s*(?:=~|!~|!=|=)\s*"[^"]*"/g)].map(([, of = ""]) => of);
    metrics.push({ name, labels });
  }
  return { metrics, groups };
}
