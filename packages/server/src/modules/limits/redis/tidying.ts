import type { LimiterClock } from "@claviger/core";
import type { Logger } from "../../../kernel/log.ts";
import { SETTLED_MS } from "../queries/registry.ts";
import type { Registry, Standing } from "../registry.ts";
import type { KeptPart } from "./kept-part.ts";

export interface TidyingOptions {
  readonly registry: Registry;
  readonly clock: LimiterClock;
  readonly logger: Logger;
}

const STRAYS_EVERY_MS = 600_000;
/** What a holder asked for may still be on its way to Redis for so long after its end. */
const FORGET_AFTER_MS = 60_000;

interface Forgotten {
  readonly ids: readonly string[];
  readonly at: number;
}

/** Forgets holders that are gone once nothing of them is left, in PostgreSQL and then in Redis. Its failures are made good the next time. */
export class Tidying {
  readonly #options: TidyingOptions;
  #running = false;
  #strayedAt = Number.NEGATIVE_INFINITY;
  #forgotten: readonly Forgotten[] = [];

  constructor(options: TidyingOptions) {
    this.#options = options;
  }

  /** Goes on by itself; does nothing while it is under way. */
  begin(standing: Standing, parts: readonly KeptPart[]): void {
    if (this.#running) return;
    this.#running = true;
    const { logger } = this.#options;
    void this.#tidy(standing, parts)
      .catch((error: unknown) => logger.debug({ error }, "holders of limits that are gone could not be forgotten"))
      .finally(() => {
        this.#running = false;
      });
  }

  async #tidy(standing: Standing, parts: readonly KeptPart[]): Promise<void> {
    const { clock, registry } = this.#options;
    const now = clock.mono();
    if (now - this.#strayedAt >= STRAYS_EVERY_MS) {
      await Promise.all(parts.map((part) => part.findStrays()));
      this.#strayedAt = now;
    }
    // While something may be missing, a holder that is gone is remembered as one that may have had it.
    if (standing.parts.every(({ settledMs }) => settledMs >= SETTLED_MS)) {
      const ended = standing.holders.filter(({ ended }) => ended).map(({ id }) => id);
      const ids = ended.filter((id) => parts.every((part) => part.isSwept(id)));
      if (ids.length > 0) {
        await registry.forget(ids);
        this.#forgotten = [...this.#forgotten, { ids, at: now }];
      }
    }
    await this.#forgetInRedis(standing, parts, now);
  }

  async #forgetInRedis({ parts: records }: Standing, parts: readonly KeptPart[], now: number): Promise<void> {
    const due = this.#forgotten.filter(({ at }) => now - at >= FORGET_AFTER_MS);
    if (due.length === 0) return;
    const ids = due.flatMap((each) => each.ids);
    await Promise.all(
      records.map(async (record, index) => {
        await parts[index]?.part.forget(record, ids);
      }),
    );
    this.#forgotten = this.#forgotten.filter((each) => !due.includes(each));
  }
}
