import ts from "typescript";
import { at, isCode, isGenerated, isTest, parse, type Source, type Violation, walk } from "./source.ts";

/** Lines. A file may have as many; a function must have fewer. */
export const LIMITS = { file: 400, test: 600, function: 70 } as const;

const counted = (sources: readonly Source[]): readonly Source[] =>
  sources.filter(({ path }) => isCode(path) && !isGenerated(path));
const lineCount = ({ text }: Source): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

export function fileSizes(sources: readonly Source[]): Violation[] {
  return counted(sources).flatMap((source) => {
    const [count, limit] = [lineCount(source), isTest(source.path) ? LIMITS.test : LIMITS.file];
    if (count <= limit) return [];
    return [
      {
        path: source.path,
        line: limit + 1,
        reason: `has ${count} lines, ${limit} are allowed: it holds more than one idea`,
      },
    ];
  });
}

/** From the first word to the closing brace. A `describe` is a heading, not a function, and does not count. */
export function functionSizes(sources: readonly Source[]): Violation[] {
  return counted(sources).flatMap((source) => {
    const tree = parse(source);
    const violations: Violation[] = [];
    walk(source, (node) => {
      if (!ts.isFunctionLike(node) || isDescribe(node.parent)) return;
      const line = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
      const count = line(node.getEnd()) - line(node.getStart(tree)) + 1;
      if (count >= LIMITS.function)
        violations.push(
          at(
            source,
            node,
            `this function has ${count} lines, fewer than ${LIMITS.function} are allowed: it does more than one thing`,
          ),
        );
    });
    return violations;
  });
}

function isDescribe(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /^describe\b/.test(node.expression.getText());
}

/** The median number of lines of the files that are shipped or test what is. */
export function medianSize(sources: readonly Source[]): number {
  const sizes = counted(sources)
    .map(lineCount)
    .sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}
