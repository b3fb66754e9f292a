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
  notice_preference: {
    account_id: string;
    member_id: string;
    kind: "expiry" | "ended" | "rotation" | "reveal" | "approval" | "budget";
    mail: boolean;
    updated_at: Time;
  };
  mail: {
    id: string;
    account_id: string;
    member_id: string;
    state: "waiting" | "sent" | "failed" | "dropped";
    tries: ColumnType<number, number | undefined, number>;
    due_at: Time;
    attempts: ColumnType<readonly AttemptRow[], string | undefined, string>;
    created_at: Time;
    ended_at: MaybeTime;
  };
  mail_event: { mail_id: string; account_id: string; event_id: string };
  expiry_warning: {
    key_id: string;
    version: number;
    expires_at: Time;
    day: number;
    recipient: string;
    account_id: string;
    mail_id: string | null;
    created_at: Time;
  };
  expiry_walk: {
    alone: boolean;
    began_at: Time;
    after_at: MaybeTime;
    after_id: string | null;
    ended_at: MaybeTime;
  };
}
