/** The fields of all lines of log that the server's code can write, found in its text. */
import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

const LEVELS = new Set(["debug", "info", "warn", "error"]);

export interface LogCall {
  readonly where: string;
  readonly fields: readonly string[];
  readonly message: string;
}

/** Every call of a logger with details and a message, below a folder. Throws for details that are no object literal. */
export function logCalls(folder: string): LogCall[] {
  const paths = globSync(`${folder}/**/*.ts`).filter((path) => !/\.test\.ts$|\/testing\.ts$/.test(path));
  return paths.flatMap((path) => {
    const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    const calls: LogCall[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isLogging(node)) calls.push(callOf(file, node));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return calls;
  });
}

function isLogging({ expression, arguments: given }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    LEVELS.has(expression.name.text) &&
    /(^|\.|#)logger$/.test(expression.expression.getText()) &&
    given.length === 2
  );
}

function callOf(file: ts.SourceFile, { arguments: [details, message] }: ts.CallExpression): LogCall {
  const where = `${file.fileName}:${file.getLineAndCharacterOfPosition(details?.getStart() ?? 0).line + 1}`;
  if (details === undefined || message === undefined || !ts.isObjectLiteralExpression(details)) {
    throw new TypeError(`${where}: write the details as an object`);
  }
  const fields = details.properties.map((property) => property.name?.getText() ?? property.getText());
  return { where, fields, message: message.getText() };
}
