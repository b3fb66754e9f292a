/** What is noted for each service is recorded for it, whatever names are given. */
import { expect, test } from "vitest";
import { ServiceLogs } from "./service-logs.ts";

const NAMES = 200;

test("each service has a log of its own, of which there are a bounded number; any other counts without one", () => {
  const logs = new ServiceLogs({ seed: 1 });
  const without = logs.of(undefined);
  const made = Array.from({ length: NAMES }, (_, n) => logs.of(`service-${n}`));
  const own = new Set(made.filter((log) => log !== without));
  expect(own.size).toBe(64);
  expect(made.slice(0, 64).every((log) => own.has(log))).toBe(true);
  expect(logs.of("service-0")).toBe(made[0]);
  expect(logs.of("service-199")).toBe(without);
  expect(logs.of("")).toBe(without);
  expect(logs.lost).toBe(0);
  expect(logs.take()).toBe(null);
});
