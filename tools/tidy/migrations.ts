import type { Source, Violation } from "./source.ts";

const MIGRATION = /^packages\/server\/src\/db\/migrations\/(\d{4})_[^/]+\.sql$/;
/** Everything before the first release was made in one go. */
const FIRST_CHECKED = "0004";
/** `-- contracts: unused since 0.4.0`: says that no node in use still needs what the migration takes away. */
const CONTRACTS = /^-- contracts: unused since \d+\.\d+\.\d+$/m;

/** What a node of the version before, which still runs, would trip over. */
const TAKES_AWAY: readonly (readonly [RegExp, string])[] = [
  [/\bDROP\s+(TABLE|COLUMN|VIEW|FUNCTION|TYPE|SCHEMA)\b/i, "drops what an older node may still use"],
  [/\bRENAME\b/i, "renames what an older node still calls by its old name"],
  [/\bALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE\b/i, "changes the type of a column that an older node writes"],
  [/\bSET\s+NOT\s+NULL\b/i, "demands what an older node may not write"],
  [/\bADD\s+COLUMN\b(?![^,;]*\b(DEFAULT|GENERATED)\b)[^,;]*\bNOT\s+NULL\b/i, "demands what no older node writes"],
  // Directly before a quote it is a value, such as one of a CHECK.
  [/\bREVOKE\b(?!')/i, "takes rights away that an older node may use"],
];

/** What a function will do when it is called, a migration does not do. */
const FUNCTION_BODY = /CREATE\s+FUNCTION[^$]*\$\$[\s\S]*?\$\$/gi;
/** What PostgreSQL gives to everybody with each new function; one that was there before is called by name. */
const FROM_EVERYBODY = /REVOKE ALL ON FUNCTION \w+\([^)]*\) FROM PUBLIC/gi;

/** A rolling upgrade has old and new nodes side by side: a migration only adds, and what is unused goes in a later one. */
export function migrations(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    const number = MIGRATION.exec(source.path)?.[1];
    if (number === undefined || number < FIRST_CHECKED || CONTRACTS.test(source.text)) return [];
    return statementsOf(source.text).flatMap(({ text, line }) =>
      TAKES_AWAY.filter(([pattern]) => pattern.test(text)).map(([, why]) => ({
        path: source.path,
        line,
        reason: `${why}: add in this version, and take away in a later one, with "-- contracts: unused since <version>"`,
      })),
    );
  });
}

/** Statements without comments, each with the line it begins on. */
function statementsOf(sql: string): { readonly text: string; readonly line: number }[] {
  const bare = sql
    .replace(/--[^\n]*/g, "")
    .replace(FUNCTION_BODY, (body) => body.replace(/[^\n]/g, ""))
    .replace(FROM_EVERYBODY, "");
  let at = 0;
  return bare.split(";").map((text) => {
    const start = at + (text.length - text.trimStart().length);
    at += text.length + 1;
    return { text, line: bare.slice(0, start).split("\n").length };
  });
}
