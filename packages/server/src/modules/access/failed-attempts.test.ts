import { fakeClock } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { createFailedAttempts } from "./failed-attempts.ts";

function spend(attempts: ReturnType<typeof createFailedAttempts>, source: string | null, times: number): void {
  for (let index = 0; index < times; index += 1) attempts.failed(source);
}

describe("failed attempts are throttled by source (ASVS 2.4.1)", () => {
  test("a source is told to wait once its budget is spent, and how long", () => {
    const clock = fakeClock();
    const attempts = createFailedAttempts(clock, 3);
    spend(attempts, "192.0.2.1", 2);
    expect(attempts.waitFor("192.0.2.1")).toBeNull();
    spend(attempts, "192.0.2.1", 1);
    expect(attempts.waitFor("192.0.2.1")).toBe(60_000);
    clock.advance(59_999);
    expect(attempts.waitFor("192.0.2.1")).toBe(1);
    clock.advance(1);
    expect(attempts.waitFor("192.0.2.1")).toBeNull();
  });

  test("one source does not spend the budget of another", () => {
    const attempts = createFailedAttempts(fakeClock(), 3);
    spend(attempts, "192.0.2.1", 100);
    expect(attempts.waitFor("192.0.2.2")).toBeNull();
    expect(attempts.waitFor(null)).toBeNull();
  });

  test("all addresses of one /64 are one source, those of the next are not", () => {
    const attempts = createFailedAttempts(fakeClock(), 2);
    attempts.failed("2001:db8::1");
    attempts.failed("2001:DB8:0:0:ffff::2");
    expect(attempts.waitFor("2001:db8:0:0:1:2:3:4")).not.toBeNull();
    expect(attempts.waitFor("2001:db8:0:1::1")).toBeNull();
  });

  test("a step of the wall clock forgives nothing", () => {
    const clock = fakeClock();
    const attempts = createFailedAttempts(clock, 1);
    attempts.failed("192.0.2.1");
    clock.stepWall(3_600_000);
    expect(attempts.waitFor("192.0.2.1")).toBe(60_000);
  });

  test("a flood of sources keeps memory bounded and forgets the oldest", () => {
    const attempts = createFailedAttempts(fakeClock(), 1);
    for (let index = 0; index <= 50_000; index += 1)
      attempts.failed(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(attempts.waitFor("10.0.0.0")).toBeNull();
    expect(attempts.waitFor("10.0.0.1")).not.toBeNull();
  });

  test("zero sets no bound", () => {
    const attempts = createFailedAttempts(fakeClock(), 0);
    spend(attempts, "192.0.2.1", 1000);
    expect(attempts.waitFor("192.0.2.1")).toBeNull();
  });
});
