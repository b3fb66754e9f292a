import { join } from "node:path";
import { ConfigError, loadConfig } from "../config.ts";
import { createLogger } from "../kernel/log.ts";
import { ANCHOR_FILE, type Anchor, type ChainReport, readAnchor, verifyChain } from "../modules/audit/index.ts";
import { openExisting } from "./installation.ts";
import type { OperateOptions } from "./options.ts";

export interface VerifyAuditOptions extends OperateOptions {
  /** Called from time to time with the number of events checked and how many there are. */
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
}

/** `anchor`: what the chain was compared with outside the database; `absent` where this data directory holds none. */
export type AuditReport = ChainReport & { readonly anchor: "checked" | "absent" };

/**
 * Checks the hash chain of the audit trail, and its end against the anchor in the data directory. Works while the service
 * runs. Throws ConfigError, EngineError, DatabaseError.
 */
export async function verifyAudit(options: VerifyAuditOptions): Promise<AuditReport> {
  const config = loadConfig(options.environment, options.workingDirectory);
  // Read before the chain, which a running service only makes longer.
  const anchor = await anchorOf(config.dataDir);
  const { database, keyring, close } = await openExisting(config, createLogger("error"));
  try {
    const byVersion = (version: number): Uint8Array | null => keyring.byVersion("audit", version);
    const verify = (): Promise<ChainReport> =>
      verifyChain(database, { byVersion }, { anchor, onProgress: options.onProgress });
    let report = await verify();
    if (!report.ok && report.reason === "unknown-key-version") {
      // The key of the chain may have been rotated since the keyring was read.
      keyring.markStale();
      await keyring.refresh();
      report = await verify();
    }
    return { ...report, anchor: anchor === null ? "absent" : "checked" };
  } finally {
    await close();
  }
}

async function anchorOf(dataDir: string): Promise<Anchor | null> {
  try {
    return await readAnchor(dataDir);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError(
      "CLAVIGER_DATA_DIR",
      `${join(dataDir, ANCHOR_FILE)} is damaged; find out who changed it, and restore it or take it away`,
    );
  }
}
