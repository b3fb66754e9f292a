import ts from "typescript";
import { at, isCode, isProduct, isTest, type Source, type Violation, walk } from "./source.ts";

type Rule = (source: Source, node: ts.Node) => string | null;

/** Violations of what code may not say, each found in the syntax tree, so that comments and strings do not count. */
export function code(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    if (!isCode(source.path)) return [];
    const rules = RULES.filter(({ where }) => where(source.path)).map(({ rule }) => rule);
    const violations: Violation[] = [];
    walk(source, (node) => {
      for (const rule of rules) {
        const reason = rule(source, node);
        if (reason !== null) violations.push(at(source, node, reason));
      }
    });
    return violations;
  });
}

const defaultExport: Rule = (_, node) => {
  const declared =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
  const renamed = ts.isExportSpecifier(node) && node.name.text === "default";
  return ts.isExportAssignment(node) || declared || renamed
    ? "exports a default: a thing has one name everywhere, so exports are named"
    : null;
};

const bareError: Rule = (_, node) => {
  if (!ts.isThrowStatement(node)) return null;
  const thrown = node.expression;
  const made = ts.isNewExpression(thrown) || ts.isCallExpression(thrown) ? thrown.expression.getText() : "";
  return made === "Error"
    ? "throws a bare Error: use a code of the error catalogue, or TypeError for a mistake of the programmer"
    : null;
};

const CLOCKS = new Set([
  "Date.now",
  "performance.now",
  "performance.timeOrigin",
  "process.hrtime",
  "process.uptime",
  "Temporal.Now",
]);

const clock: Rule = (_, node) => {
  const reads =
    (ts.isPropertyAccessExpression(node) && CLOCKS.has(node.getText())) ||
    (ts.isNewExpression(node) && node.expression.getText() === "Date" && (node.arguments?.length ?? 0) === 0) ||
    (ts.isCallExpression(node) && node.expression.getText() === "Date");
  return reads
    ? "reads the clock: only clock.ts does; take a Clock or the time as an argument, so that tests can set it"
    : null;
};

const RANDOM = /^(randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues|pseudoRandomBytes)$/;

const random: Rule = (_, node) => {
  const imported = ts.isImportSpecifier(node) && RANDOM.test((node.propertyName ?? node.name).text);
  const called =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    RANDOM.test(node.expression.name.text);
  return imported || called || isMathRandom(node)
    ? "draws randomness: only random.ts does; take a Random as an argument, so that tests can repeat it"
    : null;
};

const isMathRandom = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node) && node.getText() === "Math.random";
const unseeded: Rule = (_, node) =>
  isMathRandom(node) ? "Math.random cannot be repeated: use a seeded generator and print its seed" : null;

const environment: Rule = (_, node) =>
  ts.isPropertyAccessExpression(node) && node.getText() === "process.env"
    ? "reads the environment: only where the process starts; take a setting as an argument, so that no variable changes what code does unseen"
    : null;

const numericDefault: Rule = (_, node) => {
  if (!ts.isBinaryExpression(node)) return null;
  const operator = node.operatorToken.kind;
  if (operator !== ts.SyntaxKind.BarBarToken && operator !== ts.SyntaxKind.BarBarEqualsToken) return null;
  const fallback = ts.isPrefixUnaryExpression(node.right) ? node.right.operand : node.right;
  return ts.isNumericLiteral(fallback) || ts.isBigIntLiteral(fallback)
    ? "`||` replaces a 0 that was meant; use `??`"
    : null;
};

const UNRUN = /^(skip|only|todo|fails|failing|skipIf|runIf)$/;
const TEST_CALL = /^(test|it|describe|suite|bench)\b/;

const unrun: Rule = (_, node) => {
  if (!ts.isCallExpression(node) || isCallee(node)) return null;
  const parts = names(node.expression);
  if (parts.length > 1 && parts.slice(1).some((name) => UNRUN.test(name)))
    return "leaves tests out: every test runs, everywhere, and must pass";
  if (!TEST_CALL.test(parts[0] ?? "")) return null;
  const options = node.arguments.find(ts.isObjectLiteralExpression);
  const keys = options?.properties.map((property) => property.name?.getText() ?? "") ?? [];
  if (keys.some((key) => UNRUN.test(key))) return "leaves tests out: every test runs, everywhere, and must pass";
  return keys.includes("retry") ? "retries: a test that fails now and then is wrong, or found something" : null;
};

/** `test.skipIf(…)` in `test.skipIf(…)("…")`: the outer call is the one that is judged. */
const isCallee = (node: ts.CallExpression): boolean =>
  ts.isCallExpression(node.parent) && node.parent.expression === node;

/** The names of a chain of accesses and calls: `test.each(rows).skip` is test, each, skip. */
function names(node: ts.Expression): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) return [...names(node.expression), node.name.text];
  if (ts.isCallExpression(node) || ts.isParenthesizedExpression(node)) return names(node.expression);
  return [""];
}

const SLEEP =
  "sleeps: wait for the condition itself, with the testkit's polling helper, which is faster and does not flake";

const sleep: Rule = (_, node) => {
  if (ts.isImportDeclaration(node))
    return /^["'](node:)?timers\/promises["']$/.test(node.moduleSpecifier.getText()) ? SLEEP : null;
  if (ts.isAwaitExpression(node) && ts.isCallExpression(node.expression))
    return /(^|\.)(sleep|delay)$/.test(node.expression.expression.getText()) ? SLEEP : null;
  if (!ts.isNewExpression(node) || node.expression.getText() !== "Promise") return null;
  const executor = node.arguments?.[0];
  if (executor === undefined || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return null;
  const resolve = executor.parameters[0]?.name.getText();
  return resolve !== undefined && wakesBy(executor.body, resolve) ? SLEEP : null;
};

/** Whether a timer set here resolves the promise: `setTimeout(resolve, 50)`, or with a function around it. */
function wakesBy(body: ts.Node, resolve: string): boolean {
  let found = false;
  const step = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(globalThis\.)?setTimeout$/.test(node.expression.getText())) {
      const callback = node.arguments[0]?.getText() ?? "";
      if (callback === resolve || new RegExp(`\\b${resolve}\\(`).test(callback)) found = true;
    }
    ts.forEachChild(node, step);
  };
  step(body);
  return found;
}

const configures = (path: string): boolean => /(^|\/)[a-z]+\.config\.(ts|mjs)$/.test(path);
const tellsTime = (path: string): boolean =>
  /^packages\/(server\/src\/kernel|sdk\/src|cli\/src)\/clock\.ts$/.test(path);
const drawsLots = (path: string): boolean =>
  /^packages\/(server\/src\/kernel|sdk\/src|cli\/src)\/random\.ts$/.test(path);
/** Where the CLI starts, where a program takes Claviger in and what freezes it is looked for, where PostgreSQL is started, and what tests start. */
const readsEnvironment = (path: string): boolean =>
  /\/testing(-[a-z]+)?\.ts$/.test(path) ||
  /^packages\/(cli\/src\/(io|main)|server\/src\/library\/create-claviger|server\/src\/db\/embedded\/launch)\.ts$/.test(
    path,
  );
const ofCoreOrServer = (path: string): boolean => /^packages\/(core|server)\/src\//.test(path) && !isTest(path);
const headless = (path: string): boolean => isProduct(path) && !/^packages\/(react|console)\//.test(path);

const RULES: readonly { readonly where: (path: string) => boolean; readonly rule: Rule }[] = [
  { where: (path) => !configures(path), rule: defaultExport },
  { where: ofCoreOrServer, rule: bareError },
  { where: (path) => headless(path) && !tellsTime(path), rule: clock },
  { where: (path) => headless(path) && !drawsLots(path), rule: random },
  { where: (path) => !headless(path) && !drawsLots(path), rule: unseeded },
  { where: (path) => headless(path) && !readsEnvironment(path), rule: environment },
  { where: (path) => isProduct(path), rule: numericDefault },
  { where: (path) => isTest(path) || path.startsWith("packages/testkit/"), rule: unrun },
  { where: isTest, rule: sleep },
];
