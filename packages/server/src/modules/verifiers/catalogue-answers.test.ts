import { makeScopes, openPlatform, type Platform } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, LOOKUP } from "../../db/index.ts";
import { CatalogueAnswers } from "./catalogue-answers.ts";

let platform: Platform;
let reads = 0;
/** Called when a read has its answer, before anybody is told. */
let answered: () => void = () => undefined;

beforeAll(async () => {
  platform = await openPlatform({});
  await makeScopes(platform.root);
});
afterAll(() => platform.app.stop());

/** Over a cluster in which nothing has been touched since anything was read. */
function answers(): CatalogueAnswers {
  const { database } = platform.app.database;
  const transaction: Database["transaction"] = async (...given) => {
    const answer = await database.transaction(...given);
    expect(given[0]).toBe(LOOKUP);
    reads += 1;
    answered();
    return answer;
  };
  const state = () => ({
    ...{ incarnation: "i", epoch: "e", appliedSeq: 1, lagSeq: 0, leaseMsLeft: 1_000, nodes: 1, barriers: 0, lapses: 0 },
  });
  return new CatalogueAnswers({
    database: { ...database, transaction },
    coherence: { state, leaseValid: () => true, touchedSince: () => "untouched" },
    unmapped: "refuse",
  });
}

test("is read once, and anew after everything was dropped, also where that comes while it is read", async () => {
  const catalogue = answers();
  const first = await catalogue.answer();
  expect(first?.source.scopes.length).toBeGreaterThan(0);
  expect(await catalogue.answer()).toEqual(first);
  expect(reads).toBe(1);
  catalogue.drop();
  answered = () => {
    if (reads === 2) catalogue.drop();
  };
  expect(await catalogue.answer()).toEqual(first);
  expect(reads).toBe(3);
});
