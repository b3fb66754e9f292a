import { afterAll, beforeAll, expect, test } from "vitest";
import { claviger, type Service, scratch, startService } from "../../testing.ts";

let place: Awaited<ReturnType<typeof scratch>>;
let service: Service;
let settings: Readonly<Record<string, string>>;
beforeAll(async () => {
  place = await scratch();
  service = await startService(place.dataDir);
  settings = { CLAVIGER_DATA_DIR: place.dataDir };
}, 90_000);
afterAll(async () => {
  await service.stop();
  await place.remove();
});

test("claviger usage reconcile compares the days that are asked for, while the service runs", {
  timeout: 90_000,
}, async () => {
  const words = await claviger(["usage", "reconcile"], settings);
  expect(words).toMatchObject({ code: 0, stderr: "" });
  expect(words.stdout).toMatch(
    /^ok: \d+ verifications of 2 days, \d of them with single ones; metering of [012] months?\n$/,
  );
  const json = await claviger(["usage", "reconcile", "--from", "2027-01-01", "--to", "2027-01-03", "--json"], settings);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, days: 3, daysWithEvents: 0, months: 0, requests: 0 });
  expect(await claviger(["usage", "reconcile", "--from", "yesterday"], settings)).toMatchObject({ code: 64 });
});
