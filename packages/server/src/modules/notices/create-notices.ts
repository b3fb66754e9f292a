import { PLATFORM } from "../../db/index.ts";
import { createPostOutside } from "../../kernel/outgoing/index.ts";
import type { Route } from "../../kernel/route.ts";
import { Courier } from "./courier.ts";
import { dispatchEvents } from "./dispatch-events.ts";
import { forgetDeliveries } from "./forget-deliveries.ts";
import { MailCourier } from "./mail-courier.ts";
import { noticesRoutes } from "./notices.api.ts";
import type { NoticesPorts } from "./ports.ts";
import { readBacklog } from "./queries/deliveries.ts";
import { warnExpiry } from "./warn-expiry.ts";

/** Work that every node does every so often. */
interface Job {
  readonly name: string;
  readonly everyMs: number;
  work(): Promise<unknown>;
}

/** What a node does about notices. */
export interface Notices {
  readonly routes: Route[];
  readonly jobs: readonly Job[];
  /** Makes deliveries of what was announced. */
  dispatch(): Promise<number>;
  /** Begins to send what is due. */
  deliver(): Promise<void>;
  /** Warns of keys that will end; returns of how many. */
  warn(): Promise<number>;
  /** Sends mails that are due. */
  sendMails(): Promise<void>;
  /** Forgets what is older than it is to be kept. */
  forget(): Promise<void>;
  /** Waits until what this node sends has ended. */
  idle(): Promise<void>;
  /** Begins nothing more, and gives what is under way two seconds; to be called before its jobs are stopped. */
  stop(): Promise<void>;
}

const SEND_MS = 500;
const MAIL_MS = 1_000;
const WARN_MS = 5_000;
const LOOK_MS = 10_000;
const FORGET_MS = 300_000;
/** What is under way is given so long at a stop, in milliseconds. */
const GRACE_MS = 2_000;

export function createNotices(ports: NoticesPorts): Notices {
  const { database, clock, metrics, keptDays } = ports;
  const courier = new Courier(ports, createPostOutside(ports));
  const mails = ports.mail === null ? null : new MailCourier(ports, ports.mail.sender);
  const sendMails = async () => mails?.sendDue();
  const warn = () => warnExpiry(ports);
  const dispatch = () => dispatchEvents(ports);
  const deliver = () => courier.tick();
  const look = async (): Promise<void> => {
    const { waiting, oldest } = await database.transaction(PLATFORM, readBacklog);
    metrics.waiting(waiting, oldest === null ? 0 : Math.max(0, clock.wall() - oldest.getTime()));
  };
  const forget = () => forgetDeliveries(database, clock, keptDays);
  return {
    routes: noticesRoutes(ports),
    jobs: [
      { name: "dispatch events", everyMs: SEND_MS, work: dispatch },
      { name: "send deliveries", everyMs: SEND_MS, work: deliver },
      { name: "warn of expiries", everyMs: WARN_MS, work: warn },
      { name: "send mails", everyMs: MAIL_MS, work: sendMails },
      { name: "look at deliveries", everyMs: LOOK_MS, work: look },
      { name: "forget deliveries", everyMs: FORGET_MS, work: forget },
    ],
    ...{ dispatch, deliver, warn, sendMails, forget },
    idle: () => courier.idle(),
    stop: async () => {
      mails?.stop(GRACE_MS);
      await courier.stop(GRACE_MS);
    },
  };
}
