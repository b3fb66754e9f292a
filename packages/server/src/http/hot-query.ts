import type { Operation } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { parseWith } from "../kernel/parse-with.ts";
import { queryObject } from "./parse-call.ts";

/** Characters that mean themselves, however a query is read. */
const PLAIN = /^[\w=&-]+$/;
const MOST = 100;
const NONE = {};

/**
 * Reads the query of a target by the contract, and remembers what it read: proxies ask by the same few targets again and again. Undefined
 * where it is wrong, or not plain.
 */
export function createHotQueries(operation: Operation): (target: string) => unknown {
  const known = new Map<string, unknown>();
  return (target) => {
    const at = target.indexOf("?");
    if (at < 0) return NONE;
    const remembered = known.get(target);
    if (remembered !== undefined) return remembered;
    const query = PLAIN.test(target.slice(at + 1)) ? parse(operation, target) : undefined;
    if (query === undefined) return undefined;
    if (known.size >= MOST) known.clear();
    known.set(target, query);
    return query;
  };
}

function parse(operation: Operation, target: string): unknown {
  try {
    return parseWith(operation.query, queryObject(new URL(target, "http://localhost")));
  } catch (error) {
    if (error instanceof ClavigerError) return undefined;
    throw error;
  }
}
