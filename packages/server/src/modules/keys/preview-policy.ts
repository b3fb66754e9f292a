import { POLICY_RULES, type PolicyFault, type PolicyRule } from "@claviger/core";
import { type Database, PLATFORM } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { loadCatalogue } from "../catalogue/index.ts";
import { type PolicyChange, readBook, selectGraces, subjectOfChange } from "../policies/index.ts";
import { createJudge, type Judge } from "./judge-key.ts";
import type { Key } from "./key.ts";
import { type LivingFilter, type LivingKey, selectLivingKeys } from "./queries/living-keys.ts";

/** A key that would not be as a changed policy says. */
export interface BrokenKey {
  readonly key: Key;
  /** When it would end; null where it would not end sooner. */
  readonly endsAt: Date | null;
  /** What it breaks that it does not break today, and its lifetime where that ends it. */
  readonly faults: readonly PolicyFault[];
}

export interface PreviewCounts {
  readonly looked: number;
  /** Keys that would end sooner. */
  readonly ending: number;
  /** Keys by the rule that they would break. */
  readonly broken: Readonly<Record<PolicyRule, number>>;
}

export interface Preview {
  /** Of all keys; null for a page after the first. */
  readonly counts: PreviewCounts | null;
  readonly rows: readonly BrokenKey[];
}

export interface PreviewRequest {
  readonly change: PolicyChange;
  readonly graceUntil: Date;
  readonly now: Date;
  /** Keys after this one; null from the start, with counts. */
  readonly after: string | null;
  /** Rows at most. */
  readonly most: number;
}

/** Keys that one transaction looks at. */
const PAGE = 1_000;

/** What would become of the keys there are, if a policy were changed so. Changes nothing; each page of keys is read as it is then. */
async function previewPolicy(database: Database, request: PreviewRequest): Promise<Preview> {
  const counting = request.after === null;
  const tally = { looked: 0, ending: 0, broken: Object.fromEntries(POLICY_RULES.map((rule) => [rule, 0])) };
  const rows: BrokenKey[] = [];
  for await (const { looked, broken } of pages(database, request, request.now)) {
    tally.looked += looked;
    for (const each of broken) {
      if (rows.length < request.most) rows.push(each);
      if (each.endsAt !== null) tally.ending += 1;
      for (const rule of new Set(each.faults.map((fault) => fault.rule)))
        tally.broken[rule] = (tally.broken[rule] ?? 0) + 1;
    }
    if (!counting && rows.length >= request.most) break;
  }
  return { counts: counting ? (tally as PreviewCounts) : null, rows };
}

/** How many keys would end sooner. Of keys that end before the grace does, none would. */
async function countEnding(database: Database, change: PolicyChange, graceUntil: Date, now: Date): Promise<number> {
  let ending = 0;
  const request = { change, graceUntil, now, after: null, most: 0 };
  for await (const { broken } of pages(database, request, graceUntil)) {
    ending += broken.filter(({ endsAt }) => endsAt !== null).length;
  }
  return ending;
}

async function* pages(database: Database, { change, graceUntil, now, after }: PreviewRequest, endingAfter: Date) {
  const filter: LivingFilter = {
    account: change.kind === "account" ? change.account : null,
    environment: change.kind === "environment" ? change.environment : null,
    endingAfter,
  };
  const { catalogue, graces } = await database.transaction(PLATFORM, async (tx) => ({
    ...{ catalogue: await loadCatalogue(tx, "refuse"), graces: await selectGraces(tx, now) },
  }));
  // The change takes the place of one of the same subject, with its grace.
  const others = graces.filter(({ subject }) => subject !== subjectOfChange(change));
  for (let at = after ?? ""; ; ) {
    const { living, book } = await database.transaction(PLATFORM, async (tx) => {
      const found = await selectLivingKeys(tx, filter, at, PAGE);
      const accounts = [...new Set(found.map(({ key }) => key.account))];
      const ids = found.map(({ key }) => key.id);
      return { living: found, book: await readBook(tx, accounts, ids) };
    });
    const judges = {
      asIs: createJudge(book, catalogue, graces),
      asItWouldBe: createJudge(book.with(change), catalogue, others),
    };
    yield { looked: living.length, broken: living.flatMap((each) => brokenBy(judges, each, graceUntil)) };
    at = living.at(-1)?.key.id ?? at;
    if (living.length < PAGE) return;
  }
}

function brokenBy(
  { asIs, asItWouldBe }: Readonly<Record<"asIs" | "asItWouldBe", Judge>>,
  living: LivingKey,
  graceUntil: Date,
): BrokenKey[] {
  const endsAt = asItWouldBe.endOf(living, graceUntil);
  const before = new Set(asIs.faultsOf(living).map(({ rule, path }) => `${rule} ${path}`));
  const faults = asItWouldBe
    .faultsOf(living)
    .filter(({ rule, path }) => (rule === "lifetime" ? endsAt !== null : !before.has(`${rule} ${path}`)));
  return faults.length === 0 ? [] : [{ key: living.key, endsAt, faults }];
}

/** What acts on policies ask of the keys there are. */
export function policyPreviews(database: Database, clock: Clock) {
  return {
    countEnding: (change: PolicyChange, graceUntil: Date) =>
      countEnding(database, change, graceUntil, new Date(clock.wall())),
    preview: (request: Omit<PreviewRequest, "now">) =>
      previewPolicy(database, { ...request, now: new Date(clock.wall()) }),
  };
}
