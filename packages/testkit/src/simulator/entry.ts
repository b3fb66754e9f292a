import type { VerifierEntry } from "@claviger/core";
import type { SimRecord } from "./tables.ts";

/** A simulated record as it goes over the wire: what a plan allows is the amount of its one limit. */
export function entryOf(record: SimRecord): VerifierEntry {
  const { key, plan, active, amount, expiresAt, subjects } = record;
  const limit = { name: plan, key, amount, per: "lifetime", refill: null, counter: plan, perSource: null } as const;
  return {
    record: {
      keyId: key,
      account: "",
      environment: "live",
      state: active ? "active" : "suspended",
      accountState: "active",
      expiresAt,
      tier: null,
      scopes: [],
      versions: [],
      allowedIps: [],
      allowedReferrers: [],
      audiences: [],
      metadata: {},
      subjects,
    },
    version: 1,
    accountExternalId: null,
    limits: [limit],
    conditions: [],
  };
}

export function recordOf({ record, limits }: VerifierEntry): SimRecord {
  const [limit] = limits;
  return {
    key: record.keyId,
    plan: limit?.name ?? "",
    active: record.state === "active",
    amount: limit?.amount ?? 0,
    expiresAt: record.expiresAt,
    subjects: record.subjects,
  };
}
