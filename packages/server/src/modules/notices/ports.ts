import type { Database, Keyring } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/log.ts";
import type { NoticeMetrics } from "../../kernel/notice-metrics.ts";
import type { ResolveName, SendMail } from "../../kernel/outgoing/index.ts";
import type { Random } from "../../kernel/random.ts";

/** What the acts and jobs of this module are given. */
export interface NoticesPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly keyring: Keyring;
  readonly logger: Logger;
  readonly metrics: NoticeMetrics;
  /** How names of receivers are resolved. */
  readonly resolve: ResolveName;
  /** For one attempt, in milliseconds; default 15 000. */
  readonly timeoutMs?: number;
  /** CLAVIGER_ALLOW_PRIVATE_TARGETS. */
  readonly allowPrivate: boolean;
  /** For so many days what was sent, and to whom, is kept. */
  readonly keptDays: number;
  /** Null where nobody is told anything by mail. */
  readonly mail: MailPorts | null;
}

export interface MailPorts {
  readonly sender: SendMail;
  /** A mail waits so long for more that is to be told, in milliseconds. */
  readonly gatherMs: number;
}
