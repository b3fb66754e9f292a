import {
  type Catalogue,
  checkPolicy,
  type DormancyAction,
  latestExpiry,
  type PolicyFault,
  type ResolvedPolicy,
  type Risk,
  resolvePolicy,
} from "@claviger/core";
import type { Grace, PolicyBook } from "../policies/index.ts";
import type { Key } from "./key.ts";
import { riskOfKey, subjectOf } from "./key-policy.ts";
import type { LivingKey } from "./queries/living-keys.ts";

/** What holds for many keys; each policy is resolved once. */
export interface Judge {
  /** Everything that the key breaks as it is. */
  faultsOf(living: LivingKey): PolicyFault[];
  /** When the key ends because it lives longer than it may: at its latest, and not before the grace does. Null where it may stay. */
  endOf(living: LivingKey, graceUntil: Date): Date | null;
  /** On which days before its end its people are warned. */
  warningDaysOf(living: LivingKey): readonly number[];
  /** What becomes of it where nobody uses it. */
  dormancyOf(living: LivingKey): {
    readonly days: number | null;
    readonly action: DormancyAction;
    readonly noticeDays: number;
  };
}

/** `graces` run: what staff have said of one change holds also where another one, with a shorter grace, comes by the key. */
export function createJudge(book: PolicyBook, catalogue: Catalogue, graces: readonly Grace[]): Judge {
  const resolved = new Map<string, ResolvedPolicy>();
  const resolve = ({ key }: LivingKey, risk: Risk): ResolvedPolicy => {
    const above = book.layersOf(key.account, key.environment ?? "");
    const own = book.ownOf(key.id);
    if (own !== undefined) return resolvePolicy({ ...above, key: own }, risk);
    const name = `${key.account} ${key.environment} ${risk}`;
    const known = resolved.get(name) ?? resolvePolicy(above, risk);
    resolved.set(name, known);
    return known;
  };
  const policyOf = (living: LivingKey): ResolvedPolicy => resolve(living, riskOfKey(living.key, catalogue));
  return {
    faultsOf: (living) => {
      const risk = riskOfKey(living.key, catalogue);
      return checkPolicy(resolve(living, risk), subjectOf(living.key, risk, living.issuedAt));
    },
    dormancyOf: (living) => {
      const { dormancyDays, dormancyAction, dormancyNoticeDays } = policyOf(living);
      return { days: dormancyDays.value, action: dormancyAction.value, noticeDays: dormancyNoticeDays.value };
    },
    warningDaysOf: (living) => policyOf(living).warningDays.value,
    endOf: (living, graceUntil) => {
      const latest = latestExpiry(policyOf(living), living.issuedAt.getTime());
      if (latest === null) return null;
      const theirs = graces.flatMap(({ subject, graceUntil: until }) =>
        isAbout(subject, living.key) ? [until.getTime()] : [],
      );
      const end = new Date(Math.max(latest, graceUntil.getTime(), ...theirs));
      const { expiresAt } = living.key;
      return expiresAt !== null && expiresAt <= end ? null : end;
    },
  };
}

/** Whether a change of this subject may be about the key. */
export function isAbout(subject: string, { account, environment }: Pick<Key, "account" | "environment">): boolean {
  return subject.startsWith("policy:") || subject === `account:${account}` || subject === `environment:${environment}`;
}
