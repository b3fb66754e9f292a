import type { Database, Keyring } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Random } from "../../kernel/random.ts";

export interface DeliveryPorts {
  readonly act: Act;
  readonly ids: Ids;
  readonly random: Random;
  readonly database: Database;
  readonly clock: Clock;
  readonly keyring: Keyring;
  /** The address that callers use, without a slash at its end; where it is not known, what has no scheme. */
  publicUrl(): string;
  /** Of those who open links that there are not, by source. */
  readonly guesses: Guesses;
}

export interface Guesses {
  /** Milliseconds to wait; null where there is no need to. */
  waitFor(source: string | null): number | null;
  failed(source: string | null): void;
}
