import { POLICY_RULES, type PolicyFault, type PolicyRule } from "@claviger/core";
import { type Database, PLATFORM } from "../../db/index.ts";
import { AtOnce } from "../../kernel/at-once.ts";
import type { Clock } from "../../kernel/clock.ts";
import { nextTurn } from "../../kernel/next-turn.ts";
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
/** Then all else that waits in this process has its turn: with the most costly patterns a key takes milliseconds. */
const KEYS_A_TURN = 10;

/** What would become of the keys there are, if a policy were changed so. Changes nothing; each page of keys is read as it is then. */
async function previewPolicy(database: Database, request: PreviewRequest): Promise<Preview> {
  const counting = request.after === null;
  const tally = { looked: 0, ending: 0, broken: Object.fromEntries(POLICY_RULES.map((rule) => [rule, 0])) };
  const rows: BrokenKey[] = [];
  for await (const { living, judges } of judgedKeys(database, request, request.now)) {
    tally.looked += 1;
    const broken = brokenBy(judges, living, request.graceUntil);
    if (broken === null) continue;
    if (rows.length < request.most) rows.push(broken);
    if (!counting && rows.length >= request.most) break;
    if (broken.endsAt !== null) tally.ending += 1;
    for (const rule of new Set(broken.faults.map((fault) => fault.rule)))
      tally.broken[rule] = (tally.broken[rule] ?? 0) + 1;
  }
  return { counts: counting ? (tally as PreviewCounts) : null, rows };
}

/** How many keys would end sooner. Of keys that end before the grace does, none would. */
async function countEnding(database: Database, change: PolicyChange, graceUntil: Date, now: Date): Promise<number> {
  let ending = 0;
  for await (const { living, judges } of judgedKeys(database, { change, now, after: null }, graceUntil)) {
    if (judges.asItWouldBe.endOf(living, graceUntil) !== null) ending += 1;
  }
  return ending;
}

type Judges = Readonly<Record<"asIs" | "asItWouldBe", Judge>>;

/** Every key that the change may be about, by id, with what holds for it and what would. */
async function* judgedKeys(
  database: Database,
  { change, now, after }: Pick<PreviewRequest, "change" | "now" | "after">,
  endingAfter: Date,
): AsyncGenerator<{ readonly living: LivingKey; readonly judges: Judges }, void> {
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
    const { found, book } = await database.transaction(PLATFORM, async (tx) => {
      const page = await selectLivingKeys(tx, filter, at, PAGE);
      const accounts = [...new Set(page.map(({ key }) => key.account))];
      const ids = page.map(({ key }) => key.id);
      return { found: page, book: await readBook(tx, accounts, ids, change) };
    });
    const judges = {
      asIs: createJudge(book, catalogue, graces),
      asItWouldBe: createJudge(book.with(change), catalogue, others),
    };
    for (const [index, living] of found.entries()) {
      if (index % KEYS_A_TURN === 0) await nextTurn();
      yield { living, judges };
    }
    at = found.at(-1)?.key.id ?? at;
    if (found.length < PAGE) return;
  }
}

function brokenBy({ asIs, asItWouldBe }: Judges, living: LivingKey, graceUntil: Date): BrokenKey | null {
  const endsAt = asItWouldBe.endOf(living, graceUntil);
  const before = new Set(asIs.faultsOf(living).map(({ rule, path }) => `${rule} ${path}`));
  const faults = asItWouldBe
    .faultsOf(living)
    .filter(({ rule, path }) => (rule === "lifetime" ? endsAt !== null : !before.has(`${rule} ${path}`)));
  return faults.length === 0 ? null : { key: living.key, endsAt, faults };
}

/** Each looks at all keys there are. Who may only look does not keep those waiting who change policies. */
const MOST_PREVIEWS = 2;
const MOST_COUNTS = 4;

/** What acts on policies ask of the keys there are; both throw UNAVAILABLE where too much of it is under way on this node. */
export function policyPreviews(database: Database, clock: Clock) {
  const previews = new AtOnce("previews of policies", MOST_PREVIEWS, 1);
  const counts = new AtOnce("changes of policies that look at all keys", MOST_COUNTS);
  return {
    countEnding: (change: PolicyChange, graceUntil: Date) =>
      counts.run(() => countEnding(database, change, graceUntil, new Date(clock.wall()))),
    /** `asker`: who has one preview at a time. */
    preview: (asker: string, request: Omit<PreviewRequest, "now">) =>
      previews.run(() => previewPolicy(database, { ...request, now: new Date(clock.wall()) }), asker),
  };
}
