import { DORMANCY_ACTIONS, type DormancyAction, type PolicyValueName, type PolicyValues } from "./policy.ts";

type Strictest<T> = (a: T, b: T) => T;
/** Lists add up: what any layer asks for is asked for. */
type Value = PolicyValues[PolicyValueName];

const fewer: Strictest<number | null> = (a, b) => (a === null ? b : b === null ? a : Math.min(a, b));
const least: Strictest<number> = (a, b) => Math.min(a, b);
const either: Strictest<boolean> = (a, b) => a || b;
const harder: Strictest<DormancyAction> = (a, b) =>
  DORMANCY_ACTIONS.indexOf(a) >= DORMANCY_ACTIONS.indexOf(b) ? a : b;

function union<T>(identity: (item: T) => string, order?: (a: T, b: T) => number): Strictest<readonly T[]> {
  return (a, b) => {
    const items = new Map([...a, ...b].map((item) => [identity(item), item]));
    return order === undefined ? [...items.values()] : [...items.values()].sort(order);
  };
}
const texts = <T extends string>(): Strictest<readonly T[]> => union<T>((text) => text);

const STRICTEST: { readonly [Name in PolicyValueName]: Strictest<PolicyValues[Name]> } = {
  lifetimeDays: fewer,
  maxLifetimeDays: fewer,
  rotationDays: fewer,
  overlapHours: least,
  warningDays: union<number>(String, (a, b) => b - a),
  dormancyDays: fewer,
  dormancyAction: harder,
  dormancyNoticeDays: least,
  approvals: union((rule) => JSON.stringify([rule.by, rule.acts, rule.tiers, rule.sensitive, rule.environments])),
  requiredFields: texts(),
  labelPatterns: texts(),
  requireIpBinding: either,
  maxActiveKeys: fewer,
};

export const POLICY_VALUE_NAMES = Object.freeze(Object.keys(STRICTEST)) as readonly PolicyValueName[];

/** What holds where both are asked for. Commutative, associative and idempotent up to the order of lists. */
export function strictest<Name extends PolicyValueName>(
  name: Name,
  a: PolicyValues[Name],
  b: PolicyValues[Name],
): PolicyValues[Name] {
  return STRICTEST[name](a, b);
}

/** Whether `a` asks for all that `b` asks for. */
export function atLeastAsStrict<Name extends PolicyValueName>(
  name: Name,
  a: PolicyValues[Name],
  b: PolicyValues[Name],
): boolean {
  return sameValue(strictest(name, a, b), a);
}

/** Equal but for the order of lists, and for what stands in them twice. */
export function sameValue(a: Value, b: Value): boolean {
  const plain = (value: Value): string =>
    JSON.stringify(
      Array.isArray(value) ? [...new Set(value.map((item: unknown) => JSON.stringify(item)))].sort() : value,
    );
  return plain(a) === plain(b);
}
