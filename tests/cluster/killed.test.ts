import { seededRandom, startService } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { killUnderLoad } from "../support/killing.ts";

/** One of each kind; many more in the full suite. */
const ROUNDS = 3;

test("kill -9 of the service, of its database, and of both, under load: no acknowledged act is lost, none is half done, and the audit chain is whole", async (context) => {
  const random = seededRandom(context);
  const service = await startService({ env: { CLAVIGER_LEASE_MS: "1000" } });
  onTestFinished(() => service.stop(), 30_000);
  const { keys, acts } = await killUnderLoad(service, random, ROUNDS);
  await context.annotate(`${acts} acts on ${keys} keys, ${ROUNDS} kills`);
  expect(acts).toBeGreaterThan(ROUNDS * 8);
}, 180_000);
