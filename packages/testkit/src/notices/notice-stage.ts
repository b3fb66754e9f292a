/** An installation in which nobody but the test dispatches and delivers, at a time that the test sets. */
import { openKeyring } from "../../../server/src/db/index.ts";
import { openUnserved } from "../../../server/src/demo/unserved.ts";
import type { OutgoingEvent } from "../../../server/src/kernel/act.ts";
import { resolveName } from "../../../server/src/kernel/outgoing/index.ts";
import { systemRandom } from "../../../server/src/kernel/random.ts";
import { putAccount } from "../../../server/src/modules/accounts/index.ts";
import { createNotices, type Notices } from "../../../server/src/modules/notices/index.ts";
import { type NoticesPorts, type PutWebhookInput, putWebhook } from "../../../server/src/modules/notices/testing.ts";
import { type FakeClock, fakeClock } from "../clock.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { silentLogger } from "../logger.ts";
import { MASTER_KEY } from "../service.ts";

const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;

export interface NoticeStage {
  readonly home: TestDatabase;
  readonly clock: FakeClock;
  readonly ports: NoticesPorts;
  newAccount(): Promise<string>;
  /** Announces events as one act. */
  announce(...events: readonly OutgoingEvent[]): Promise<void>;
  /** Returns its secret. */
  hook(id: string, url: string, change?: Partial<PutWebhookInput>): Promise<string>;
  /** What another node is. */
  node(change?: Partial<NoticesPorts>): Notices;
  drop(): Promise<void>;
}

/** `on`: a database that is there already, with the same master key; it is not dropped with the stage. */
export async function openNoticeStage(change: Partial<NoticesPorts> = {}, on?: TestDatabase): Promise<NoticeStage> {
  const home = on ?? (await testDatabase());
  const clock = fakeClock(Date.UTC(2026, 5, 1, 12));
  const keyring = await openKeyring(home.database, Buffer.from(MASTER_KEY, "base64"), clock, systemRandom);
  const { act, ids } = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  const ports: NoticesPorts = {
    ...{ act, ids, clock, keyring, database: home.database, random: systemRandom, logger: silentLogger },
    metrics: {
      attempted: () => undefined,
      disabled: () => undefined,
      mailed: () => undefined,
      waiting: () => undefined,
    },
    ...{ resolve: resolveName, timeoutMs: 5_000, allowPrivate: true, keptDays: 30, mail: null },
    ...change,
  };
  let made = 0;
  return {
    ...{ home, clock, ports },
    newAccount: async () => {
      made += 1;
      const done = await putAccount(ports, ACTING, `ext:account-${made}`, { name: "x", plan: null });
      return done.value?.account.id ?? "";
    },
    announce: async (...events) => {
      await act(ACTING, { kind: "platform" }, async (unit) => {
        for (const event of events) unit.emits(event);
        unit.audits({ action: "key.updated", account: null, target: { type: "key", id: "key_x" } });
      });
    },
    hook: async (id, url, change = {}) => {
      const input = { url, events: ["*"], format: "standard", enabled: true, ...change } as const;
      const done = await putWebhook(ports, ACTING, id, input);
      return done.value?.secret?.reveal() ?? "";
    },
    node: (change = {}) => createNotices({ ...ports, ...change }),
    drop: async () => (on === undefined ? home.drop() : undefined),
  };
}
