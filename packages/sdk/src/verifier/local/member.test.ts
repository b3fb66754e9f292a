/** The verifier's part in the cluster, with real timers and the clocks that a machine may have. */
import { Secret } from "@claviger/core";
import { openPlatform, type Platform, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemRandom } from "../../random.ts";
import { Member } from "./member.ts";

const TERM_MS = 500;
const RESOLUTION_MS = 30;

let platform: Platform;

beforeAll(async () => {
  platform = await openPlatform({});
});
afterAll(() => platform.app.stop());

test("goes on renewing where each timer rings before its time, by the clock", async () => {
  const floor = (ms: number): number => Math.floor(ms / RESOLUTION_MS) * RESOLUTION_MS;
  const nothing = (): void => undefined;
  const member = new Member({
    clock: { wall: () => floor(Date.now()), mono: () => floor(performance.now()) },
    random: systemRandom,
    options: {
      ...{ termMs: TERM_MS, staleIfUnreachableMs: 0, name: "coarse", software: "test", understands: [] },
      session: Buffer.from(systemRandom.bytes(24)).toString("base64url"),
    },
    connection: { urls: [platform.url], credential: new Secret(platform.credential), timeoutMs: 1_000 },
    ...{ dropSubjects: nothing, dropEverything: nothing, settings: nothing, delivered: nothing },
    ...{ connected: nothing, disconnected: nothing, stepped: nothing, unavailable: nothing },
  });
  member.start();
  try {
    await waitFor(() => member.state.lastNonce >= 12, { what: "twelve renewals" });
    expect(member.state).toMatchObject({ phase: "following", denied: null });
  } finally {
    member.close();
  }
});
