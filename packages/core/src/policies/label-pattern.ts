/**
 * Patterns for labels: the part of regular expressions that can be matched in time linear in the text, whatever the pattern.
 *
 * Literals, `.`, classes (`[a-z]`, `[^0-9]`, `\d \w \s` and their capitals), groups `(…)` and `(?:…)`, `|`, and `* + ? {n} {n,} {n,m}`.
 * A pattern matches the whole label; `^` and `$` may stand at its ends and change nothing. There are no back-references, no look-around
 * and no lazy or possessive forms. Text is compared by code points, and case counts.
 *
 * The text is read once while all places that the pattern may be at are kept (Thompson), so nothing is ever tried twice.
 */

const MOST_CHARACTERS = 200;
const MOST_REPEATS = 100;
/** States after repetitions are written out; with labels of 100 characters at most 50 000 steps. */
const MOST_STATES = 500;
const MOST_DEPTH = 20;

type Test = (codePoint: number) => boolean;
type Node =
  | { readonly kind: "one"; readonly test: Test }
  | { readonly kind: "all"; readonly parts: readonly Node[] }
  | { readonly kind: "any"; readonly parts: readonly Node[] }
  | { readonly kind: "repeat"; readonly part: Node; readonly min: number; readonly max: number | null };

type State = { kind: "one"; test: Test; next: number } | { kind: "fork"; next: number[] } | { kind: "end" };

/** A pattern that was understood. */
export interface LabelPattern {
  matches(label: string): boolean;
}
export type ParsedLabelPattern =
  | { readonly ok: true; readonly pattern: LabelPattern }
  | { readonly ok: false; readonly fault: string };

/** Understands a pattern, or says in words why not. Total, and bounded in time and memory for any text. */
export function parseLabelPattern(text: string): ParsedLabelPattern {
  if (text.length === 0 || text.length > MOST_CHARACTERS) {
    return { ok: false, fault: `must have 1-${MOST_CHARACTERS} characters` };
  }
  try {
    const states = compile(new Parser(text).parse());
    return { ok: true, pattern: { matches: (label) => run(states, label) } };
  } catch (error) {
    if (error instanceof PatternFault) return { ok: false, fault: error.message };
    throw error;
  }
}

class PatternFault extends SyntaxError {}

function fault(message: string): never {
  throw new PatternFault(message);
}

const between =
  (from: number, to: number): Test =>
  (point) =>
    point >= from && point <= to;
const isDigit = between(48, 57);
const isWord: Test = (point) => isDigit(point) || between(65, 90)(point) || between(97, 122)(point) || point === 95;
const isSpace: Test = (point) => point === 32 || between(9, 13)(point) || point === 0xa0;
const not =
  (test: Test): Test =>
  (point) =>
    !test(point);
const CLASSES: Readonly<Record<string, Test>> = {
  ...{ d: isDigit, D: not(isDigit), w: isWord, W: not(isWord), s: isSpace, S: not(isSpace) },
};

class Parser {
  private readonly points: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    const points = [...text];
    const start = points[0] === "^" ? 1 : 0;
    const escaped = /(?<!\\)(?:\\\\)*\\\$$/.test(text);
    this.points = points.slice(start, points.at(-1) === "$" && !escaped ? -1 : undefined);
  }

  parse(): Node {
    const node = this.alternatives();
    if (this.at < this.points.length) fault("has a ) without its (");
    return node;
  }

  private peek(): string | undefined {
    return this.points[this.at];
  }

  private take(): string {
    const point = this.points[this.at] ?? fault("ends too early");
    this.at += 1;
    return point;
  }

  private skip(point: string): boolean {
    if (this.peek() !== point) return false;
    this.at += 1;
    return true;
  }

  private alternatives(): Node {
    const parts = [this.sequence()];
    while (this.skip("|")) parts.push(this.sequence());
    return { kind: "any", parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    for (let next = this.peek(); next !== undefined && next !== "|" && next !== ")"; next = this.peek()) {
      parts.push(this.repeated(this.single()));
    }
    return { kind: "all", parts };
  }

  private repeated(part: Node): Node {
    const bounds = this.bounds();
    if (bounds === null) return part;
    if (["*", "+", "?", "{"].includes(this.peek() ?? "")) fault("repeats a repetition; lazy forms are not known");
    return { kind: "repeat", part, ...bounds };
  }

  private bounds(): { readonly min: number; readonly max: number | null } | null {
    if (this.skip("*")) return { min: 0, max: null };
    if (this.skip("+")) return { min: 1, max: null };
    if (this.skip("?")) return { min: 0, max: 1 };
    if (!this.skip("{")) return null;
    const min = this.number();
    const max = this.skip(",") ? (this.peek() === "}" ? null : this.number()) : min;
    if (!this.skip("}")) fault("has a { without its }");
    if (max !== null && max < min) fault("repeats at most fewer times than at least");
    return { min, max };
  }

  private number(): number {
    let digits = "";
    while (/^[0-9]$/.test(this.peek() ?? "")) digits += this.take();
    const value = digits === "" ? fault("needs a number after {") : Number(digits);
    return value > MOST_REPEATS ? fault(`may repeat at most ${MOST_REPEATS} times`) : value;
  }

  private single(): Node {
    const point = this.take();
    switch (point) {
      case "(":
        return this.group();
      case "[":
        return { kind: "one", test: this.bracket() };
      case ".":
        return { kind: "one", test: () => true };
      case "\\":
        return { kind: "one", test: this.escape() };
    }
    if ("*+?{".includes(point)) fault(`has a ${point} with nothing to repeat`);
    if ("^$".includes(point)) fault(`has a ${point} inside; a pattern matches the whole label`);
    if ("]}".includes(point)) fault(`has a ${point} alone; write \\${point}`);
    return { kind: "one", test: equals(point) };
  }

  private group(): Node {
    this.depth += 1;
    if (this.depth > MOST_DEPTH) fault(`may nest at most ${MOST_DEPTH} groups`);
    if (this.skip("?") && !this.skip(":")) fault("may group by (…) and (?:…) only");
    const node = this.alternatives();
    if (!this.skip(")")) fault("has a ( without its )");
    this.depth -= 1;
    return node;
  }

  private escape(): Test {
    const point = this.take();
    const test = CLASSES[point];
    if (test !== undefined) return test;
    return /^[0-9A-Za-z]$/.test(point) ? fault(`does not know \\${point}`) : equals(point);
  }

  private bracket(): Test {
    const negated = this.skip("^");
    const tests: Test[] = [];
    while (!this.skip("]")) tests.push(this.member());
    if (tests.length === 0) fault("has an empty class");
    const some: Test = (point) => tests.some((test) => test(point));
    return negated ? not(some) : some;
  }

  private member(): Test {
    const first = this.take();
    if (first === "\\" && CLASSES[this.peek() ?? ""] !== undefined) return this.escape();
    const from = first === "\\" ? this.literal() : first;
    if (this.peek() !== "-" || this.points[this.at + 1] === "]") return equals(from);
    this.at += 1;
    const last = this.take();
    const to = last === "\\" ? this.literal() : last;
    const [low, high] = [pointOf(from), pointOf(to)];
    return high < low ? fault(`has the range ${from}-${to} the wrong way round`) : between(low, high);
  }

  private literal(): string {
    const point = this.take();
    return /^[0-9A-Za-z]$/.test(point) ? fault(`does not know \\${point} here`) : point;
  }
}

const pointOf = (text: string): number => text.codePointAt(0) ?? 0;
function equals(text: string): Test {
  const wanted = pointOf(text);
  return (point) => point === wanted;
}

/** States from the end backwards; the last one is the start. */
function compile(node: Node): readonly State[] {
  const states: State[] = [{ kind: "end" }];
  const add = (state: State): number => {
    if (states.length >= MOST_STATES) fault("is too large once its repetitions are written out");
    return states.push(state) - 1;
  };
  const write = (part: Node, next: number): number => {
    switch (part.kind) {
      case "one":
        return add({ kind: "one", test: part.test, next });
      case "all":
        return part.parts.reduceRight((after, each) => write(each, after), next);
      case "any":
        return add({ kind: "fork", next: part.parts.map((each) => write(each, next)) });
      case "repeat":
        return repeat(part, next);
    }
  };
  const repeat = ({ part, min, max }: Extract<Node, { kind: "repeat" }>, next: number): number => {
    let after = next;
    if (max === null) {
      const fork: State = { kind: "fork", next: [next] };
      after = add(fork);
      fork.next.push(write(part, after));
    } else {
      for (let times = min; times < max; times += 1) after = add({ kind: "fork", next: [next, write(part, after)] });
    }
    for (let times = 0; times < min; times += 1) after = write(part, after);
    return after;
  };
  const start = write(node, 0);
  return states.concat({ kind: "fork", next: [start] });
}

function run(states: readonly State[], text: string): boolean {
  let current = reach(states, [states.length - 1]);
  for (const character of text) {
    if (current.size === 0) return false;
    const point = pointOf(character);
    const next: number[] = [];
    for (const at of current) {
      const state = states[at];
      if (state?.kind === "one" && state.test(point)) next.push(state.next);
    }
    current = reach(states, next);
  }
  return current.has(0);
}

/** All places that can be reached without reading on. */
function reach(states: readonly State[], from: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    const state = states[at];
    if (state?.kind === "fork") open.push(...state.next);
  }
  return found;
}
