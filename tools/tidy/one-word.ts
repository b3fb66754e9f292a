import ts from "typescript";
import { at, isTest, type Source, type Violation, walk } from "./source.ts";

/** The part of the contract's operations that is read here. */
export interface Act {
  readonly id: string;
  readonly method: string;
  readonly audit: readonly string[];
  readonly narrows: boolean;
}

/** Nouns of the contract that live in a module of another name. All others live in the module of their own name. */
const MODULE_OF: Readonly<Record<string, string>> = {
  members: "accounts",
  services: "accounts",
  scopes: "catalogue",
  environments: "catalogue",
  plans: "catalogue",
};

/** Acts of the house itself, which no operation of the contract stands for. */
export const HOUSE_ACTIONS: readonly string[] = ["management-key.imported", "management-key.recovered"];

const CONTRACT = "packages/contract/src/index.ts";
const IRREGULAR: Readonly<Record<string, string>> = {
  begin: "begun",
  build: "built",
  find: "found",
  hold: "held",
  keep: "kept",
  lose: "lost",
  make: "made",
  override: "overridden",
  read: "read",
  send: "sent",
  set: "set",
  show: "shown",
  split: "split",
  withdraw: "withdrawn",
};
const IRREGULAR_PASTS = new Set(Object.values(IRREGULAR));
const broken = (reason: string): Violation => ({ path: CONTRACT, line: 1, reason });

/** Ids are `<module>.<verb>`, each once. */
export function operationIds(operations: readonly Act[]): Violation[] {
  const ids = operations.map(({ id }) => id);
  const malformed = ids
    .filter((id) => !/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(id))
    .map((id) => broken(`operation ${id} is not <module>.<verb>`));
  const twice = ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => broken(`operation ${id} stands twice`));
  return [...malformed, ...twice];
}

/** Audit actions are `<noun>.<verb in the past>`, and the verb is the operation's, where that is not `put`. */
export function auditNames(operations: readonly Act[]): Violation[] {
  return operations.flatMap(({ id, audit }) => {
    const verb = id.split(".")[1]?.split("-")[0] ?? "";
    const malformed = audit
      .filter((action) => !isPast(action))
      .map((action) => broken(`audit action ${action} of ${id} is not <noun>.<verb in the past>`));
    const named =
      verb === "put" ||
      audit.length === 0 ||
      audit.some((action) => pastsOf(verb).includes(action.split(".")[1] ?? ""));
    return named
      ? malformed
      : [...malformed, broken(`operation ${id} is recorded as ${audit.join(", ")}: one act, one word`)];
  });
}

function isPast(action: string): boolean {
  const [noun = "", verb = "", more] = action.split(".");
  return (
    more === undefined &&
    /^[a-z]+(-[a-z]+)*$/.test(noun) &&
    /^[a-z]+(-[a-z]+)*$/.test(verb) &&
    (verb.endsWith("ed") || IRREGULAR_PASTS.has(verb))
  );
}

/** How a verb's past may be spelt: revoked, denied, cancelled or canceled, sent. */
function pastsOf(verb: string): string[] {
  const irregular = IRREGULAR[verb];
  if (irregular !== undefined) return [irregular];
  if (verb.endsWith("e")) return [`${verb}d`];
  return [`${verb}ed`, `${verb}${verb.at(-1)}ed`, `${verb.replace(/y$/, "i")}ed`];
}

/** Every act of the contract has its file, `modules/<module>/<verb>-<noun>.ts`. `revoke-self` may be found under `revoke-`. */
export function actFiles(operations: readonly Act[], paths: readonly string[]): Violation[] {
  return operations.flatMap(({ id, audit, narrows }) => {
    if (audit.length === 0 && !narrows) return [];
    const [noun = "", verb = ""] = id.split(".");
    const start = `packages/server/src/modules/${MODULE_OF[noun] ?? noun}/${verb.split("-")[0]}`;
    const has = paths.some(
      (path) => !isTest(path) && (path === `${start}.ts` || (path.startsWith(`${start}-`) && path.endsWith(".ts"))),
    );
    return has ? [] : [broken(`operation ${id} has no file ${start}-….ts: an act is found by its name`)];
  });
}

/** Commands are named like operations. What only an operator does, beside the running service, is under `operate/`. */
export function commandNames(operations: readonly Act[], paths: readonly string[]): Violation[] {
  const ids = new Set(operations.map(({ id }) => id));
  return paths.flatMap((path) => {
    const [, module, verb] = /^packages\/cli\/src\/commands\/([^/]+)\/([^/]+)\.ts$/.exec(path) ?? [];
    if (module === undefined || verb === undefined || module === "operate" || isTest(path) || verb === "index")
      return [];
    return ids.has(`${module}.${verb}`)
      ? []
      : [
          {
            path,
            line: 1,
            reason: `no operation ${module}.${verb} in the contract: a command is named like what it calls`,
          },
        ];
  });
}

/** What the server writes into the audit trail is what the contract lists, no more and no less. */
export function auditActions(
  operations: readonly Act[],
  sources: readonly Source[],
  house: readonly string[] = HOUSE_ACTIONS,
): Violation[] {
  const listed = new Set([...operations.flatMap(({ audit }) => audit), ...house]);
  const written = new Set<string>();
  const violations: Violation[] = [];
  for (const source of sources) {
    if (!source.path.startsWith("packages/server/src/modules/") || !source.path.endsWith(".ts") || isTest(source.path))
      continue;
    walk(source, (node) => {
      if (!ts.isPropertyAssignment(node) || node.name.getText() !== "action") return;
      for (const action of literals(node.initializer)) {
        written.add(action);
        if (!listed.has(action))
          violations.push(at(source, node, `records ${action}, which no operation lists under \`audit\``));
      }
    });
  }
  const never = [...listed].filter((action) => !written.has(action));
  return [...violations, ...never.map((action) => broken(`audit action ${action} is listed and never recorded`))];
}

/** The strings an expression may amount to: a literal, or both sides of a choice. */
function literals(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return /^[a-z-]+\.[a-z-]+$/.test(node.text) ? [node.text] : [];
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  return ts.isParenthesizedExpression(node) ? literals(node.expression) : [];
}
