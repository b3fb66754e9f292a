import type { DatabaseClient } from "../../db/index.ts";
import { framesOf } from "./check-backup.ts";
import type { TableShape } from "./frames.ts";
import { auditCheckOf, impossible, type OpenedBackup } from "./open-for-restore.ts";
import {
  analyze,
  countStaged,
  dropStaging,
  type Loading,
  makeStaging,
  moveIntoPlace,
  stagedPeppers,
  stageFrame,
  stageRows,
} from "./queries/staging.ts";

/**
 * Puts a backup into the tables of an empty installation, all of it or nothing. The audit chain is followed as the rows go
 * by, numbers of rows are compared with what was counted when the backup was made, and every constraint of the schema is
 * checked, before anything counts. `begun` is where an earlier run was cut off. Throws OperateError.
 */
export async function loadBackup(
  owner: DatabaseClient,
  opened: OpenedBackup,
  begun: Loading | null,
  onProgress: (bytes: number, total: number) => void,
): Promise<void> {
  const { backup, file } = opened;
  const tables = tablesOf(opened);
  if (begun === null) {
    await dropStaging(owner);
    await makeStaging(owner, tables, backup.id);
  }
  const done = begun?.records ?? 0;
  const audit = auditCheckOf(opened);
  for await (const { frame, rows, place } of framesOf(file, onProgress)) {
    if (frame.kind !== "chunk" && frame.kind !== "newer") continue;
    if (frame.table === "audit_event") audit.take(rows);
    const shape = tables.find(({ name }) => name === frame.table);
    if (shape === undefined) throw impossible(`the backup holds rows of an unknown table ${frame.table}`);
    if (place > done) await stageFrame(owner, shape, frame, rows, place);
  }
  audit.demandHead(backup.seal.auditHead);
  await stageRows(owner, backup.keyringShape, backup.keyringRows, null);
  await demandCounts(owner, opened, tables);
  await moveIntoPlace(owner, tables);
  await analyze(owner, tables);
}

/** A keyring from another file comes first: nothing refers to it. */
function tablesOf({ backup }: OpenedBackup): readonly TableShape[] {
  const { tables } = backup.about;
  return tables.some(({ name }) => name === "keyring") ? tables : [backup.keyringShape, ...tables];
}

async function demandCounts(
  owner: DatabaseClient,
  { backup }: OpenedBackup,
  tables: readonly TableShape[],
): Promise<void> {
  for (const { name } of tables) {
    const sealed = backup.seal.tables[name]?.rows ?? backup.keyringRows.length;
    const rows = await countStaged(owner, name);
    if (rows !== sealed) throw impossible(`${rows} rows of ${name} came out of the backup, and ${sealed} were in it`);
  }
  const peppers = new Set(backup.keyring.filter(({ purpose }) => purpose === "pepper").map(({ version }) => version));
  const missing = (await stagedPeppers(owner)).find((version) => !peppers.has(version));
  if (missing !== undefined) {
    throw impossible(
      `keys of this backup need pepper ${missing}, which its keyring does not hold; name a later keyring`,
    );
  }
}
