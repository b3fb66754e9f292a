import type { ColumnType } from "kysely";

type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;

/** One attempt of a delivery. `status`: of the answer, null where there was none. `error`: in words, null where it went well. */
export interface AttemptRow {
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly ms: number;
}

/** Tables of what is told to others. */
export interface NoticesSchema {
  webhook: {
    id: string;
    account_id: string | null;
    url: string;
    sealed_url: Uint8Array | null;
    format: "standard" | "slack";
    description: string | null;
    events: string[];
    secret: Uint8Array;
    former_secret: Uint8Array | null;
    former_until: MaybeTime;
    status: "active" | "disabled";
    disabled_reason: string | null;
    disabled_at: MaybeTime;
    failing_since: MaybeTime;
    created_at: Time;
    updated_at: Time;
  };
  delivery: {
    id: string;
    webhook_id: string;
    account_id: string | null;
    event_id: string;
    event_type: string;
    repeat: ColumnType<number, number | undefined, number>;
    state: "waiting" | "delivered" | "failed";
    tries: ColumnType<number, number | undefined, number>;
    due_at: Time;
    attempts: ColumnType<readonly AttemptRow[], string | undefined, string>;
    created_at: Time;
    ended_at: MaybeTime;
  };
}
