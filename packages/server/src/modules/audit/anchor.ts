import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Database } from "../../db/index.ts";
import type { Logger } from "../../kernel/log.ts";
import { outside } from "../../kernel/outside.ts";
import { type Head, readHead } from "./audit.store.ts";
import { sameHash } from "./chain.ts";

/** The file's name in the data directory. */
export const ANCHOR_FILE = "audit-anchor.json";
/** The shortest time between two writes, in milliseconds. */
const INTERVAL_MS = 200;

/** The newest event known to have been committed: kept outside the database, so that cutting it off there shows. */
export type Anchor = Head;

export interface AnchorKeeper {
  /** Something was appended and may be committed soon; writes the file within about 200 ms. Never throws. */
  touch(): void;
  /** Writes what is outstanding. Never throws. */
  stop(): Promise<void>;
}

export interface AnchorOptions {
  readonly database: Database;
  readonly dataDir: string;
  readonly logger: Logger;
}

/** The anchor in this data directory; null where there is none. Throws SyntaxError for a file that is not an anchor. */
export async function readAnchor(dataDir: string): Promise<Anchor | null> {
  let text: string;
  try {
    text = await readFile(join(dataDir, ANCHOR_FILE), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null || !("seq" in parsed) || !("hash" in parsed)) {
    throw new SyntaxError(`${ANCHOR_FILE} is not an anchor`);
  }
  const { seq, hash } = parsed;
  if (
    typeof seq !== "number" ||
    !Number.isSafeInteger(seq) ||
    typeof hash !== "string" ||
    !/^[0-9a-f]{64}$/.test(hash)
  ) {
    throw new SyntaxError(`${ANCHOR_FILE} is not an anchor`);
  }
  return { seq, hash: Uint8Array.from(Buffer.from(hash, "hex")) };
}

/**
 * Keeps the anchor up to date. It writes what it reads back as committed, never what a transaction is about to commit.
 * It moves on only from an event that is still in the trail: once events have been cut off, the anchor stays where it
 * was and shows it, however many are appended afterwards.
 */
export function createAnchorKeeper(options: AnchorOptions): AnchorKeeper {
  const { database, dataDir, logger } = options;
  let written: Anchor | null | undefined;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const write = async (): Promise<void> => {
    try {
      if (written === undefined) written = await readAnchor(dataDir);
      const { head, hashAt } = await readHead(database, written?.seq ?? null);
      if (written !== null && (hashAt === null || !sameHash(hashAt, written.hash))) {
        logger.error(
          { headSeq: head.seq, anchorSeq: written.seq },
          "the audit trail no longer holds the event of its anchor: run `claviger audit verify`",
        );
        return;
      }
      if (head.seq === 0 || head.seq === written?.seq) return;
      await writeAnchor(dataDir, head);
      written = head;
    } catch (error) {
      logger.warn({ error }, "the audit anchor could not be written");
    }
  };
  const run = (): Promise<void> => {
    running = running.then(write);
    return running;
  };

  return {
    touch: () => {
      if (stopped || timer !== null) return;
      timer = outside(() =>
        setTimeout(() => {
          timer = null;
          void run();
        }, INTERVAL_MS),
      );
      timer.unref();
    },
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await run();
    },
  };
}

/** A reader sees the old file or the new one, also after a power loss. */
async function writeAnchor(dataDir: string, anchor: Anchor): Promise<void> {
  const path = join(dataDir, ANCHOR_FILE);
  const draft = `${path}.new`;
  await mkdir(dataDir, { recursive: true });
  const handle = await open(draft, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ seq: anchor.seq, hash: Buffer.from(anchor.hash).toString("hex") })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
