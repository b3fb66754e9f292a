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
  usage: "traffic",
  endpoints: "traffic",
  budgets: "metering",
  webhooks: "notices",
  "event-types": "notices",
  "scim-credentials": "scim",
  links: "delivery",
  "hand-overs": "stores",
  "split-callers": "splits",
};

/** Operations that live elsewhere than the others of their noun. */
const MODULE_OF_ACT: Readonly<Record<string, string>> = {
  "members.offboard": "offboarding",
  "accounts.close": "closing",
  "accounts.export": "closing",
  "keys.rotate": "rotation",
  "keys.rotate-self": "rotation",
  "keys.reveal": "recovery",
};

const CONTRACT = "packages/contract/src/index.ts";
const LIST = "packages/server/src/modules/audit/actions.ts";
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
  see: "seen",
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

/** An operation is recorded under its own verb, in the past. `put` makes or changes, and says which. */
export function auditNames(operations: readonly Act[]): Violation[] {
  return operations.flatMap(({ id, audit }) => {
    const verb = id.split(".")[1]?.split("-")[0] ?? "";
    const pasts = verb === "put" ? ["created", "updated"] : pastsOf(verb);
    const named = audit.length === 0 || audit.some((action) => pasts.includes(action.split(".")[1] ?? ""));
    return named ? [] : [broken(`operation ${id} is recorded as ${audit.join(", ")}: one act, one word`)];
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
    const start = `packages/server/src/modules/${MODULE_OF_ACT[id] ?? MODULE_OF[noun] ?? noun}/${verb.split("-")[0]}`;
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

/**
 * The audit module's list is closed: all of it is `<noun>.<verb in the past>`, it holds what operations declare, and it
 * is what the server records, no more and no less.
 */
export function auditActions(
  listed: readonly string[],
  operations: readonly Act[],
  sources: readonly Source[],
): Violation[] {
  const known = new Set(listed);
  const written = new Set<string>();
  const inList = (reason: string): Violation => ({ path: LIST, line: 1, reason });
  const violations = listed
    .filter((action) => !isPast(action))
    .map((action) => inList(`${action} is not <noun>.<verb in the past>`));
  for (const { id, audit } of operations) {
    for (const action of audit)
      if (!known.has(action)) violations.push(inList(`${action} is missing, which the operation ${id} records`));
  }
  for (const source of sources) {
    if (!source.path.startsWith("packages/server/src/") || !source.path.endsWith(".ts") || isTest(source.path))
      continue;
    walk(source, (node) => {
      if (!ts.isPropertyAssignment(node) || node.name.getText() !== "action") return;
      for (const action of literals(node.initializer)) {
        written.add(action);
        if (!known.has(action))
          violations.push(at(source, node, `records ${action}, which the list of audit actions does not hold`));
      }
    });
  }
  const never = listed.filter((action) => !written.has(action));
  return [...violations, ...never.map((action) => inList(`${action} is listed and never recorded`))];
}

/** The strings an expression may amount to: a literal, or both sides of a choice. */
function literals(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return /^[a-z-]+\.[a-z-]+$/.test(node.text) ? [node.text] : [];
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  return ts.isParenthesizedExpression(node) ? literals(node.expression) : [];
}
