import { recordable, USE_LIMITS, type UseBatch, UseLog, type UseLogOptions } from "@claviger/core";

/** Services that are told apart; uses of any other are recorded without one. */
const MOST_SERVICES = 64;

/** What this node notes, by the service that asked: each has a log of its own, so that to note a use costs the same. */
export class ServiceLogs {
  readonly #options: Omit<UseLogOptions, "service">;
  readonly #without: UseLog;
  readonly #logs = new Map<string, UseLog>();

  constructor(options: Omit<UseLogOptions, "service">) {
    this.#options = options;
    this.#without = new UseLog({ ...options, service: null });
  }

  /** The log of a service by its name; undefined: of whoever gives none. */
  of(service: string | undefined): UseLog {
    if (service === undefined) return this.#without;
    return this.#logs.get(service) ?? this.#made(service);
  }

  /** Hands over a batch of what was noted, and forgets it; null where there is nothing more. */
  take(): UseBatch | null {
    for (const log of this.#all()) {
      const batch = log.take();
      if (batch !== null) return batch;
    }
    return null;
  }

  /** Verifications that no log had room for, since the beginning. */
  get lost(): number {
    return this.#all().reduce((sum, log) => sum + log.lost, 0);
  }

  #all(): UseLog[] {
    return [this.#without, ...this.#logs.values()];
  }

  #made(service: string): UseLog {
    const shown = this.#logs.size < MOST_SERVICES ? recordable(service, USE_LIMITS.serviceLength) : null;
    if (shown === null) return this.#without;
    const log = new UseLog({ ...this.#options, service: shown });
    this.#logs.set(service, log);
    return log;
  }
}
