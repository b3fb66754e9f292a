import type { BlockStore } from "@claviger/core";
import { type Database, PLATFORM } from "../../db/index.ts";
import { forgetQuotas, takeBlocks } from "./limits.store.ts";

const STATEMENT_TIMEOUT_MS = 2_000;

/** Quotas and lifetimes, which are in PostgreSQL wherever windows are: they must outlast whatever happens to a window. */
export function createBlocks(database: Database): BlockStore {
  const options = { statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  return {
    take: (requests) => database.transaction(PLATFORM, (tx) => takeBlocks(tx, requests), options),
    forget: (wall) => database.transaction(PLATFORM, (tx) => forgetQuotas(tx, new Date(wall)), options),
  };
}
