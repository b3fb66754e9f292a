import type { Config } from "../config.ts";
import type { Database } from "../db/index.ts";
import type { Act } from "../kernel/act.ts";
import type { Clock } from "../kernel/clock.ts";
import { forgetIdempotency } from "../kernel/idempotency.ts";
import type { Logger } from "../kernel/log.ts";
import { eraseApprovals, expireApprovals } from "../modules/approvals/index.ts";
import { createBulkActKeeper } from "../modules/bulk-acts/index.ts";
import { trimChanges } from "../modules/changes/index.ts";
import { createEraser } from "../modules/closing/index.ts";
import { deliveryJob, eraseLinks } from "../modules/delivery/index.ts";
import { eraseDormancy, watchDormancy } from "../modules/dormancy/index.ts";
import { selectSavedIds } from "../modules/inventory/index.ts";
import { enforcePolicies, foldTally, type KeysPorts } from "../modules/keys/index.ts";
import { closePeriods, createBudgetWatch } from "../modules/metering/index.ts";
import { eraseMails } from "../modules/notices/index.ts";
import { eraseEnded } from "../modules/recovery/index.ts";
import { createRotationWatch, eraseDependants } from "../modules/rotation/index.ts";
import { eraseSchedules } from "../modules/schedules/index.ts";
import { eraseScim } from "../modules/scim/index.ts";
import { createSplitWatch, eraseSplits } from "../modules/splits/index.ts";
import { eraseHandOvers } from "../modules/stores/index.ts";
import { forgetBatches, keepPartitions, postgresEvents } from "../modules/traffic/index.ts";
import { watchViews } from "../modules/views/index.ts";
import { every, type Repeating } from "./every.ts";

const FLUSH_MS = 1_000;
const TRIM_MS = 300_000;
const DRILL_MS = 10_000;
/** Pages of the platform read all rows that were not added up yet: of bulk acts, some thousand a second. */
const FOLD_MS = 10_000;
const CLOSE_MS = 60_000;
const WATCH_MS = 2_000;
const TELL_MS = 5_000;
/** For so long a verifier may send a batch again, and it is still counted once. */
const BATCHES_KEPT_MS = 7 * 86_400_000;
/** What was dropped gives its room back a piece at a time: 50 000 entries a second, each piece well under a millisecond. */
const SWEEP_MS = 40;
const SWEPT_AT_ONCE = 2_000;

/** What jobs ask of the node that they run on. */
interface JobNode {
  readonly act: Act;
  readonly memory: { sweep(count: number): void };
  readonly senders: { fold(keptDays: number): Promise<void> };
  flushUses(): Promise<void>;
  handOver(): void;
  tellWritten(): Promise<void>;
}

/** What this node does again and again by itself. */
export function startJobs(
  { clock, config, logger }: { readonly clock: Clock; readonly config: Config; readonly logger: Logger },
  database: Database,
  { memory, flushUses, handOver, act, senders, tellWritten }: JobNode,
  keys: KeysPorts,
  watchDrills: () => Promise<void>,
): Repeating[] {
  const auditKey = (version: number) => keys.keyring.byVersion("audit", version);
  const eraseBeside = [
    eraseScim,
    eraseApprovals,
    eraseMails,
    eraseLinks,
    eraseDependants,
    eraseHandOvers,
    eraseSchedules,
    eraseSplits,
    eraseDormancy,
  ];
  const closing = { act, database, clock, logger, closeHours: config.meteringCloseHours };
  return [
    every(FLUSH_MS, "flush uses", logger, flushUses),
    every(FLUSH_MS, "hand over uses", logger, async () => handOver()),
    every(TELL_MS, "count and tell what is written", logger, tellWritten),
    every(TRIM_MS, "add up processes that are gone", logger, () => senders.fold(config.usageCountDays)),
    every(SWEEP_MS, "sweep keys in memory", logger, async () => memory.sweep(SWEPT_AT_ONCE)),
    every(TRIM_MS, "trim changes", logger, () => trimChanges(database, new Date(clock.wall()))),
    every(TRIM_MS, "forget batches of counts", logger, () =>
      forgetBatches(database, new Date(clock.wall() - BATCHES_KEPT_MS)),
    ),
    every(TRIM_MS, "keep usage", logger, () =>
      keepPartitions({ database, clock, logger, events: postgresEvents }, config),
    ),
    every(CLOSE_MS, "close months of metering", logger, () => closePeriods(closing)),
    every(FOLD_MS, "add up numbers of keys", logger, () => foldTally(database)),
    every(WATCH_MS, "watch budgets", logger, createBudgetWatch({ act, database, clock, logger })),
    every(WATCH_MS, "enforce policies", logger, () => enforcePolicies({ act, database, clock })),
    every(WATCH_MS, "watch dormant keys", logger, () => watchDormancy({ act, database, clock, ids: keys.ids, logger })),
    every(CLOSE_MS, "watch views", logger, () =>
      watchViews({ database, clock, ids: keys.ids, logger, select: selectSavedIds }),
    ),
    every(WATCH_MS, "end links", logger, deliveryJob({ act, database, clock })),
    every(WATCH_MS, "expire approvals", logger, () => expireApprovals({ keys, database, clock })),
    every(DRILL_MS, "watch drills", logger, watchDrills),
    every(WATCH_MS, "watch rotations", logger, createRotationWatch({ keys, database, clock, logger })),
    every(WATCH_MS, "watch splits", logger, createSplitWatch({ keys, database, clock, logger })),
    every(FLUSH_MS, "keep bulk acts", logger, createBulkActKeeper({ act, database, clock })),
    every(WATCH_MS, "erase closed accounts", logger, createEraser({ act, database, clock, auditKey, eraseBeside })),
    every(TRIM_MS, "erase secrets of what is over", logger, () => eraseEnded({ database, clock })),
    every(TRIM_MS, "forget idempotency keys", logger, () => forgetIdempotency(database, clock)),
  ];
}
