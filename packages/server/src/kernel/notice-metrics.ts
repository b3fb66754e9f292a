import { Counter, Gauge, type Registry } from "prom-client";

/** Told of what is sent to others; nothing in it names a receiver. */
export interface NoticeMetrics {
  /** One attempt. `retried`: it is tried again. */
  attempted(outcome: "delivered" | "retried" | "failed"): void;
  disabled(): void;
  /** One attempt to send a mail. `retried`: it is tried again. `dropped`: nothing of it was so any more. */
  mailed(outcome: "sent" | "retried" | "failed" | "dropped"): void;
  /** What waits, as it was last looked at. `oldestMs`: for how long the oldest has. */
  waiting(deliveries: number, oldestMs: number): void;
}

export function createNoticeMetrics(registry: Registry): NoticeMetrics {
  const registers = [registry];
  const attempts = new Counter({
    ...{ name: "claviger_delivery_attempts_total", labelNames: ["outcome"], registers },
    help: "Attempts to deliver an event to a webhook, by what became of them",
  });
  const disabled = new Counter({
    ...{ name: "claviger_webhooks_disabled_total", registers },
    help: "Webhooks that were disabled because of what their receivers did",
  });
  const waiting = new Gauge({
    ...{ name: "claviger_deliveries_waiting", registers },
    help: "Deliveries that wait, of the whole cluster, counted to ten thousand",
  });
  const oldest = new Gauge({
    ...{ name: "claviger_delivery_oldest_seconds", registers },
    help: "For how long the oldest delivery of the cluster has waited",
  });
  const mails = new Counter({
    ...{ name: "claviger_mail_attempts_total", labelNames: ["outcome"], registers },
    help: "Attempts to send a mail to a member, by what became of them",
  });
  for (const outcome of ["sent", "retried", "failed", "dropped"]) mails.inc({ outcome }, 0);
  for (const outcome of ["delivered", "retried", "failed"]) attempts.inc({ outcome }, 0);
  return {
    attempted: (outcome) => attempts.inc({ outcome }),
    disabled: () => disabled.inc(),
    mailed: (outcome) => mails.inc({ outcome }),
    waiting: (deliveries, oldestMs) => {
      waiting.set(deliveries);
      oldest.set(oldestMs / 1000);
    },
  };
}
