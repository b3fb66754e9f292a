import type { AttemptRow } from "../../db/index.ts";
import type { KeptEvent } from "../../kernel/outbox.ts";
import type { PostOutside } from "../../kernel/outgoing/index.ts";
import { SOFTWARE_VERSION } from "../../version.ts";
import { composePost } from "./compose-post.ts";
import type { NoticesPorts } from "./ports.ts";
import type { Claimed } from "./queries/deliveries.ts";
import { targetOf, type Webhook } from "./webhook.ts";

/** A delivery with what it takes to send it. */
export interface Parcel {
  readonly delivery: Claimed;
  /** Null where it was deleted. */
  readonly webhook: Webhook | null;
  /** Null where it is kept no longer. */
  readonly event: KeptEvent | null;
}

/** What came of one attempt. `gone`: the receiver wants no more, ever. */
export interface Result {
  readonly outcome: "delivered" | "retry" | "failed" | "gone";
  readonly attempt: AttemptRow;
}

const GONE = 410;

/** Tries a delivery once. Null where `signal` ended it, and nobody knows. Never throws. */
export async function attempt(
  ports: NoticesPorts,
  postOutside: PostOutside,
  parcel: Parcel,
  signal: AbortSignal,
): Promise<Result | null> {
  const { clock } = ports;
  const at = new Date(clock.wall());
  const began = clock.mono();
  const made = (status: number | null, error: string | null): AttemptRow => ({
    ...{ at: at.toISOString(), status, error, ms: Math.round(clock.mono() - began) },
  });
  const never = (why: string): Result => ({ outcome: "failed", attempt: made(null, why) });
  const { webhook, event } = parcel;
  if (webhook === null) return never("the webhook is there no longer");
  if (webhook.status === "disabled") return never("the webhook is disabled");
  if (event === null) return never("the event is kept no longer");
  try {
    const post = composePost(ports.keyring, webhook, event, at, `Claviger/${SOFTWARE_VERSION}`);
    const url = targetOf(ports.keyring, webhook).reveal();
    const outcome = await postOutside({ url, ...post, signal });
    if (outcome.kind !== "answered")
      return signal.aborted ? null : { outcome: "retry", attempt: made(null, outcome.reason) };
    const { status } = outcome;
    if (status >= 200 && status < 300) return { outcome: "delivered", attempt: made(status, null) };
    return { outcome: status === GONE ? "gone" : "retry", attempt: made(status, `answered ${status}`) };
  } catch (error) {
    // Its secret does not open: somebody has to look, and until then it is tried again.
    ports.logger.error({ error, webhook: webhook.id }, "a webhook cannot be posted to");
    return { outcome: "retry", attempt: made(null, "could not be signed") };
  }
}
