import { ClavigerError } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

const LIMITS = {
  store: "redis/16",
  silentParts: 2,
  settled: false,
  lostRecords: 3,
  errors: { shares: 7, blocks: 0, lent: 2 },
  borrowers: 4,
};
const READING = {
  ...{ leaseMsLeft: 4_200, lagSeq: 3, nodes: 2, barriers: 1, lapses: 5, connections: 4, sessions: 6, limits: LIMITS },
  memory: { size: 11, bytes: 1_500 },
  usage: { waitingBytes: 0, lost: 2 },
};
const effective = (waitedMs: number, lapsed: readonly string[]) => ({
  ...{ everywhere: true, seq: 1, waitedMs, nodes: 2, verifiers: 0, lapsed },
});

async function sample(text: string, name: string): Promise<number> {
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  expect(line, name).toBeDefined();
  return Number(line?.split(" ").at(-1));
}

describe("metrics", () => {
  test("how the node stands is read at each scrape", async () => {
    let reading = READING;
    const metrics = createMetrics(() => reading);
    const first = await metrics.render();
    expect(await sample(first, "claviger_lease_seconds")).toBe(4.2);
    expect(await sample(first, "claviger_change_lag")).toBe(3);
    expect(await sample(first, "claviger_barriers")).toBe(1);
    expect(await sample(first, "claviger_lease_lapses_total")).toBe(5);
    reading = { ...READING, nodes: 7, lapses: 6 };
    const second = await metrics.render();
    expect(await sample(second, "claviger_nodes")).toBe(7);
    expect(await sample(second, "claviger_lease_lapses_total")).toBe(6);
  });

  test("verifiers are counted as they stand, and what happens to them by kind", async () => {
    const { verifiers, render } = createMetrics(() => READING);
    verifiers.granted();
    verifiers.denied("behind");
    verifiers.lapsed();
    verifiers.looked("memory");
    verifiers.counted(3);
    const text = await render();
    expect(await sample(text, "claviger_verifier_connections")).toBe(4);
    expect(await sample(text, "claviger_verifier_sessions")).toBe(6);
    expect(await sample(text, "claviger_verifier_grants_total")).toBe(1);
    expect(await sample(text, 'claviger_verifier_denies_total{reason="behind"}')).toBe(1);
    expect(await sample(text, "claviger_verifier_lapses_total")).toBe(1);
    expect(await sample(text, 'claviger_verifier_lookups_total{outcome="memory"}')).toBe(1);
    expect(await sample(text, "claviger_verifier_usage_batches_total")).toBe(3);
  });

  test("verdicts are counted by code, refusals each under its own", async () => {
    const metrics = createMetrics(() => READING);
    for (const code of ["VALID", "REVOKED", "VALID", "RATE_LIMITED"])
      metrics.verified(code, code === "REVOKED" ? "database" : "memory");
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const text = await metrics.render();
      expect(await sample(text, 'claviger_verifications_total{code="VALID"}')).toBe(2);
      expect(await sample(text, 'claviger_verifications_total{code="REVOKED"}')).toBe(1);
      expect(await sample(text, 'claviger_verifications_total{code="RATE_LIMITED"}')).toBe(1);
      expect(await sample(text, "claviger_cache_hits_total")).toBe(3);
      expect(await sample(text, "claviger_cache_misses_total")).toBe(1);
    }
  });

  test("how limits are divided is read at each scrape, and no error is counted twice", async () => {
    const metrics = createMetrics(() => READING);
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const text = await metrics.render();
      expect(await sample(text, "claviger_limit_store_redis")).toBe(1);
      expect(await sample(text, "claviger_limit_redis_silent_parts")).toBe(2);
      expect(await sample(text, "claviger_limit_store_settled")).toBe(0);
      expect(await sample(text, "claviger_limit_records_lost_total")).toBe(3);
      expect(await sample(text, 'claviger_limit_store_errors_total{of="shares"}')).toBe(7);
      expect(await sample(text, 'claviger_limit_store_errors_total{of="blocks"}')).toBe(0);
      expect(await sample(text, 'claviger_limit_store_errors_total{of="lent"}')).toBe(2);
      expect(await sample(text, "claviger_limit_borrowers")).toBe(4);
    }
  });

  test("answers are counted by operation and status", async () => {
    const metrics = createMetrics(() => READING);
    const list = { id: "keys.list", method: "GET", path: "/v1/keys" };
    for (const status of [200, 400, 200]) metrics.answered(list, status, status / 100);
    metrics.answered({ id: "keys.get", method: "GET", path: "/v1/keys/{id}" }, 404, 12_000);
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const text = await metrics.render();
      const counted = (labels: string) => sample(text, `claviger_http_requests_total{${labels}}`);
      expect(await counted('operation="keys.list",status="200"')).toBe(2);
      expect(await counted('operation="keys.list",status="400"')).toBe(1);
      expect(await counted('operation="keys.get",status="404"')).toBe(1);
      const labels = 'http_request_method="GET",http_route="/v1/keys",status_class="2xx"';
      const took = (what: string) => sample(text, `http_server_request_duration_seconds_${what}`);
      expect(await took(`bucket{${labels},le="0.001"}`)).toBe(0);
      expect(await took(`bucket{${labels},le="0.0025"}`)).toBe(2);
      expect(await took(`bucket{${labels},le="+Inf"}`)).toBe(2);
      expect(await took(`sum{${labels}}`)).toBeCloseTo(0.004);
      const slow = 'http_request_method="GET",http_route="/v1/keys/{id}",status_class="4xx"';
      expect(await took(`bucket{${slow},le="10"}`)).toBe(0);
      expect(await took(`count{${slow}}`)).toBe(1);
    }
  });

  test("the waits of acts are measured, and nodes that lapsed and acts that were not confirmed counted", async () => {
    const metrics = createMetrics(() => READING);
    const first = effective(3, []);
    expect(await metrics.waited(Promise.resolve(first))).toBe(first);
    await metrics.waited(Promise.resolve(effective(5_400, ["a", "b"])));
    const lost = new ClavigerError("BARRIER_UNCONFIRMED");
    await expect(metrics.waited(Promise.reject(lost))).rejects.toBe(lost);
    const text = await metrics.render();
    expect(await sample(text, "claviger_barrier_wait_seconds_count")).toBe(2);
    expect(await sample(text, "claviger_barrier_wait_seconds_sum")).toBeCloseTo(5.403);
    expect(await sample(text, 'claviger_barrier_wait_seconds_bucket{le="0.005"}')).toBe(1);
    expect(await sample(text, "claviger_nodes_lapsed_total")).toBe(2);
    expect(await sample(text, "claviger_barriers_unconfirmed_total")).toBe(1);
  });
});
