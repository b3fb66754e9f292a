import type { ColumnType } from "kysely";

/** What PostgreSQL holds, as kysely sees it. jsonb is written as a JSON string and read parsed. */
type Json<T> = ColumnType<T, string, string>;
type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null, Date | null>;
type Fixed<T> = ColumnType<T, T, never>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;

export interface Schema {
  keyring: {
    purpose: "pepper" | "tag" | "audit";
    version: number;
    wrapped: Uint8Array;
    wrapped_next: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>;
    stage: Defaulted<"known" | "used" | "done">;
    created_at: Time;
  };
  cluster: { only_row: Defaulted<boolean>; id: string };
  change_head: { only_row: Defaulted<boolean>; seq: number };
  change_log: { seq: number; kind: "narrow" | "widen"; subjects: string[]; at: Time };
  node: {
    incarnation: string;
    name: string;
    token: string;
    acked_seq: number;
    acked_epoch: string;
    term_ms: number;
    max_stale_ms: Defaulted<number>;
    fenced: Defaulted<boolean>;
    verifiers: Defaulted<number>;
    vouched_seq: Defaulted<number>;
    lends: Defaulted<boolean>;
    software: string;
    started_at: Time;
  };
  audit_head: { only_row: Defaulted<boolean>; seq: number; hash: Uint8Array };
  audit_event: {
    seq: number;
    id: string;
    at: Time;
    action: string;
    account_id: string | null;
    actor_id: string | null;
    target_type: string;
    target_id: string;
    payload: string;
    key_version: number;
    hash: Uint8Array;
  };
  outbox_event: { id: string; type: string; account_id: string | null; payload: Json<unknown>; created_at: Time };
  idempotency_record: {
    principal: string;
    key: string;
    account_id: string | null;
    fingerprint: Uint8Array;
    body: ColumnType<unknown, string | null, string | null>;
    barrier_seq: number | null;
    created_at: Time;
  };
  plan: {
    name: string;
    limits: Json<unknown[]>;
    max_active_keys: number | null;
    scopes: string[] | null;
    created_at: Time;
    updated_at: Time;
  };
  environment: {
    name: string;
    tag: string;
    class: "production" | "staging" | "development";
    scopes: string[] | null;
    limits: Json<unknown[]>;
    created_at: Time;
    updated_at: Time;
  };
  scope: {
    name: string;
    description: string;
    tier: "read" | "write" | "admin";
    sensitive: boolean;
    created_at: Time;
    updated_at: Time;
  };
  scope_route: { method: string; path: string; scope: string };
  account: {
    id: Fixed<string>;
    external_id: string | null;
    name: string;
    plan: string | null;
    metadata: Json<Record<string, unknown>>;
    status: "active" | "suspended";
    suspended_reason: string | null;
    suspended_at: MaybeTime;
    reserved: Defaulted<boolean>;
    created_at: Time;
    updated_at: Time;
  };
  member: {
    id: Fixed<string>;
    account_id: string;
    external_id: string | null;
    email: string;
    name: string;
    role: "owner" | "admin" | "developer" | "viewer";
    status: "active" | "deactivated";
    created_at: Time;
    updated_at: Time;
  };
  service: {
    id: Fixed<string>;
    account_id: string;
    external_id: string | null;
    name: string;
    description: string;
    metadata: Json<Record<string, unknown>>;
    created_at: Time;
    updated_at: Time;
  };
  api_key: {
    id: Fixed<string>;
    account_id: string;
    kind: "customer" | "management";
    environment: string | null;
    label: string;
    purpose: string | null;
    rationale: string | null;
    tier: "read" | "write" | "admin" | null;
    scopes: string[];
    owner_member: string | null;
    owner_team: string | null;
    service_id: string | null;
    created_by: string;
    created_at: Time;
    updated_at: Time;
    expires_at: MaybeTime;
    state: "active" | "suspended" | "revoked";
    state_reason: string | null;
    state_comment: string | null;
    state_at: MaybeTime;
    allowed_ips: string[];
    allowed_referrers: string[];
    audiences: string[];
    limits: Json<unknown[]>;
    stored_in: string | null;
    criticality: "low" | "medium" | "high" | "critical" | null;
    runbook_url: string | null;
    dependants: Json<unknown[]>;
    tags: string[];
    metadata: Json<Record<string, unknown>>;
    version: number;
    preview: string;
  };
  key_version: {
    key_id: string;
    version: number;
    account_id: string;
    digest: Uint8Array;
    pepper_version: number;
    preview: string;
    state: "active" | "ended";
    imported: Defaulted<boolean>;
    created_at: Time;
    expires_at: MaybeTime;
    ended_at: MaybeTime;
  };
  key_use: {
    key_id: string;
    version: number;
    account_id: string;
    first_used_at: MaybeTime;
    last_used_at: MaybeTime;
    last_refused_at: MaybeTime;
    last_refused_code: string | null;
    accepted: Defaulted<number>;
    refused: Defaulted<number>;
  };
  saved_view: {
    owner: Fixed<string>;
    name: Fixed<string>;
    description: string | null;
    filter: Json<Record<string, string>>;
    shared: boolean;
    notify: boolean;
    created_at: Time;
    updated_at: Time;
  };
  key_use_day: { key_id: string; day: Date; account_id: string; requests: number };
  limit_holder: {
    id: string;
    token: string;
    term_ms: number;
    renewed_at: number;
    ended: Defaulted<boolean>;
    store: Defaulted<string>;
    entered: Defaulted<(number | null)[]>;
  };
  limit_lent: { holder: string; epoch: Defaulted<number>; act: Defaulted<number> };
  limit_store: { only_row: Defaulted<boolean>; id: Defaulted<string>; name: string };
  limit_part: { number: number; seq: number; record: string; settled_ms: number };
  limit_share: {
    counter: string;
    holder: string;
    window_ms: number;
    amount: number;
    ceiling: number;
    unmet: number;
    journal: Json<[number, number][]>;
    noted_at: number;
    epoch: Defaulted<number>;
  };
  limit_quota: {
    counter: string;
    period: number;
    taken: number;
    refill_every: "day" | "month" | null;
    refilled_to: number | null;
    forget_at: MaybeTime;
  };
}
