import ts from "typescript";
import { importsOf } from "./imports.ts";
import { at, isTest, type Source, type Violation, walk } from "./source.ts";

const MODULE = /^packages\/server\/src\/modules\/([^/]+)\/(.+)$/;
const READS = new Set(["selectFrom", "innerJoin", "leftJoin", "rightJoin", "fullJoin", "using"]);
const WRITES = new Set(["insertInto", "updateTable", "deleteFrom", "mergeInto"]);
/** Reads the tables of others, because a key as shown is put together from all of them. Writes none. */
const READS_ALL = "inventory";

/**
 * Reads across modules that have a reason of their own. A secret's look-up answers with the row, the account's state, the
 * limits of plan and environment and the number of the change they are true as of; only one statement sees all at one moment.
 */
const READS_ALONG: Readonly<Record<string, readonly string[]>> = {
  "packages/server/src/modules/keys/keys.store.ts": ["account", "change_head", "environment", "plan"],
  // What acts announced is written by the kernel alone, and told from here.
  "packages/server/src/modules/notices/queries/outbox.ts": ["outbox_event"],
  // Who is to be told of a thousand keys, and what a mail tells of a hundred: found by one statement each, as it is at one moment.
  "packages/server/src/modules/notices/queries/people.ts": ["api_key", "member"],
  "packages/server/src/modules/notices/queries/letters.ts": ["account", "api_key", "member", "outbox_event"],
  // Compares what was counted with what was metered in the same transactions.
  "packages/server/src/modules/traffic/queries/metering.ts": ["metering", "metering_period"],
};

/** SQL, and the libraries that speak it, stay in stores, queries and `db/`, where row-level security is thought of. */
export function sqlPlaces(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    if (!/^packages\/[^/]+\/src\//.test(source.path) || isTest(source.path) || maySpeakSql(source.path)) return [];
    const violations = importsOf(source)
      .filter(({ specifier }) => /^(kysely|pg)(\/|$)/.test(specifier))
      .map(({ node, specifier }) => at(source, node, `imports ${specifier}: ${WHERE}`));
    const kernel = source.path.startsWith("packages/server/src/kernel/");
    walk(source, (node) => {
      if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "sql")
        violations.push(at(source, node, `speaks SQL: ${WHERE}`));
      const access = tableAccess(node);
      if (access !== null && !kernel) violations.push(at(source, node, `reaches the table ${access.table}: ${WHERE}`));
    });
    return violations;
  });
}

const WHERE = "only <module>.store.ts, queries.ts and db/ know the database";

function maySpeakSql(path: string): boolean {
  if (/^packages\/(server\/src\/db|testkit\/src)\//.test(path)) return true;
  // What an operator does beside the service looks at the whole installation.
  if (/^packages\/server\/src\/operate\/(.+\/)?queries(\.ts|\/.+\.ts)$/.test(path)) return true;
  const [, module, file] = MODULE.exec(path) ?? [];
  return file === `${module}.store.ts` || file === "queries.ts" || file?.startsWith("queries/") === true;
}

interface Access {
  readonly table: string;
  readonly writes: boolean;
}

/** A call of the query builder that names a table: `tx.selectFrom("key as k")`. */
function tableAccess(node: ts.Node): Access | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const name = node.expression.name.text;
  const [first] = node.arguments;
  if (!(READS.has(name) || WRITES.has(name)) || first === undefined || !ts.isStringLiteralLike(first)) return null;
  return { table: first.text.split(" ")[0] ?? first.text, writes: WRITES.has(name) };
}

interface Use extends Access {
  readonly owner: string;
  readonly source: Source;
  readonly node: ts.Node;
}

/**
 * A table belongs to the one part that writes it: a module, or the kernel. Others ask that module, so that it can
 * keep its invariants; only `inventory`, and what READS_ALONG names, may read along. `tables` are the names that migrations create.
 */
export function tableOwners(sources: readonly Source[], tables: ReadonlySet<string>): Violation[] {
  const uses = sources.flatMap((source) => usesOf(source, tables));
  const writers = new Map<string, string[]>();
  for (const { table, writes, owner } of uses) {
    const known = writers.get(table) ?? [];
    if (writes && !known.includes(owner)) writers.set(table, [...known, owner]);
  }
  return uses.flatMap(({ table, writes, owner, source, node }) => {
    const by = writers.get(table) ?? [];
    if (writes && owner === READS_ALL)
      return [at(source, node, `writes ${table}: ${READS_ALL} reads what others keep and writes nothing`)];
    if (writes && by.length > 1)
      return [at(source, node, `writes ${table}, and so do others (${by.join(", ")}): a table has one owner`)];
    const may = owner === READS_ALL || READS_ALONG[source.path]?.includes(table) === true;
    const foreign = !writes && !may && by.length === 1 && by[0] !== owner;
    return foreign
      ? [at(source, node, `reads ${table}, which belongs to ${by[0]}: ask that module, or hand the answer in`)]
      : [];
  });
}

function usesOf(source: Source, tables: ReadonlySet<string>): Use[] {
  const owner = source.path.startsWith("packages/server/src/kernel/") ? "kernel" : MODULE.exec(source.path)?.[1];
  if (owner === undefined || isTest(source.path) || !source.path.endsWith(".ts")) return [];
  const uses: Use[] = [];
  const add = (table: string, writes: boolean, node: ts.Node): void => {
    if (tables.has(table)) uses.push({ table, writes, owner, source, node });
  };
  walk(source, (node) => {
    const access = tableAccess(node);
    if (access !== null) add(access.table, access.writes, node);
    if (!ts.isTaggedTemplateExpression(node) || !/^sql\b/.test(node.tag.getText())) return;
    for (const found of node.template
      .getText()
      .matchAll(/\b(from|join|insert\s+into|update|delete\s+from|merge\s+into)\s+([a-z_][a-z0-9_]*)/gi)) {
      add(found[2] ?? "", /insert|update|delete|merge/i.test(found[1] ?? ""), node);
    }
  });
  return uses;
}

/** The tables that migrations create. */
export function tablesOf(sources: readonly Source[]): Set<string> {
  const migrations = sources.filter(({ path }) => /^packages\/server\/src\/db\/migrations\/.*\.sql$/.test(path));
  const names = migrations.flatMap(({ text }) => [
    ...text.matchAll(/create\s+table\s+(?:if\s+not\s+exists\s+)?(?:claviger\.)?([a-z_][a-z0-9_]*)/gi),
  ]);
  return new Set(names.map((match) => match[1] ?? ""));
}
