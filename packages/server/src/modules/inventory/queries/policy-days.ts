/**
 * Which keys are beyond a number of days that their policies name, as SQL. Policies are resolved by core for each kind of account, each
 * environment and each risk, of which there are few; what that comes to is asked of all keys at once.
 */
import { type PolicyBody, type PolicyLayers, RISKS, type Risk, resolvePolicy } from "@claviger/core";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

type Sql = RawBuilder<unknown>;
export type DaysName = "rotationDays" | "dormancyDays";

/** Keys to which so many days apply. Of several that a key belongs to, the fewest days count. */
interface DaysClass {
  readonly days: number;
  /** On the id of an account; null: all accounts. */
  readonly accounts: ((id: Sql) => Sql) | null;
  /** Null: all. */
  readonly risks: readonly Risk[] | null;
  readonly environment: string | null;
}

export interface PolicyDays {
  readonly name: DaysName;
  readonly classes: readonly DaysClass[];
  /** The most days that apply to any key of accounts that say nothing of their own; null where for some there are none. */
  readonly most: number | null;
  /** What would hold if no account said anything of its own, and the accounts that do, on the id of one; null: none does. */
  readonly special: { readonly classes: readonly DaysClass[]; readonly accounts: (id: Sql) => Sql } | null;
  /** The fewest days that a key says for itself; null where none does. */
  readonly fewestOwn: number | null;
  /** Grants by the risk of their keys. */
  readonly sets: Readonly<Record<Risk, readonly string[]>>;
}

/** What accounts say of the days: the policy that they refer to, and their own words. */
interface AccountKind {
  readonly policy: string | null;
  readonly said: readonly (number | null | undefined)[];
}
type ByRisk = Readonly<Record<Risk, number | null>>;

const DEFAULT_POLICY = "default";

/** What holds now. */
export async function readPolicyDays(tx: Tx, name: DaysName, sets: PolicyDays["sets"]): Promise<PolicyDays> {
  const policies = await tx.selectFrom("policy").select(["name", "body"]).execute();
  const bodies = new Map(policies.map((policy) => [policy.name, policy.body]));
  const platform = { name: DEFAULT_POLICY, body: bodies.get(DEFAULT_POLICY) ?? {} };
  const ordinary = byRisk(name, { platform });
  const kinds = (await selectAccountKinds(tx, name)).map((kind) => {
    const body = kind.policy === null ? undefined : bodies.get(kind.policy);
    const accountPolicy = body === undefined ? undefined : { name: kind.policy ?? "", body };
    return { kind, days: byRisk(name, { platform, accountPolicy, account: bodyOf(name, kind.said) }) };
  });
  const special = kinds.filter(({ days }) => RISKS.some((risk) => days[risk] !== ordinary[risk]));
  const groups = Map.groupBy(special, ({ days }) => JSON.stringify(days));
  const specials = accountsOf(
    name,
    special.map(({ kind }) => kind),
  );
  const others = special.length === 0 ? null : (id: Sql) => sql`${id} NOT IN (${specials})`;
  const ofEnvironments = await environmentClasses(tx, name, bodies);
  const { rows } = await sql<{ fewest: number | null }>`
    SELECT min(${ownDays(name)}) AS fewest FROM key_policy p WHERE ${ownDays(name)} IS NOT NULL`.execute(tx);
  return {
    most: mostDays(ordinary),
    special:
      special.length === 0
        ? null
        : {
            classes: [...classesOf(ordinary, null, null), ...ofEnvironments],
            accounts: (id) => sql`${id} IN (${specials})`,
          },
    ...{ name, sets, fewestOwn: rows[0]?.fewest ?? null },
    classes: [
      ...classesOf(ordinary, others, null),
      ...[...groups.values()].flatMap((group) => {
        const accounts = (id: Sql): Sql =>
          sql`${id} IN (${accountsOf(
            name,
            group.map(({ kind }) => kind),
          )})`;
        return group[0] === undefined ? [] : classesOf(group[0].days, accounts, null);
      }),
      ...ofEnvironments,
    ],
  };
}

/** Environments and keys only tighten. */
function mostDays(days: ByRisk): number | null {
  const most = Math.max(...RISKS.map((risk) => days[risk] ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(most) ? most : null;
}

function byRisk(name: DaysName, layers: PolicyLayers): ByRisk {
  const days = RISKS.map((risk) => [risk, resolvePolicy(layers, risk)[name].value]);
  return Object.fromEntries(days) as ByRisk;
}

/** One class for each number of days: of the keys to which so many apply, or fewer. */
function classesOf(days: ByRisk, accounts: DaysClass["accounts"], environment: string | null): DaysClass[] {
  const numbers = [...new Set(RISKS.flatMap((risk) => days[risk] ?? []))].toSorted((a, b) => b - a);
  return numbers.map((number) => {
    const risks = RISKS.filter((risk) => (days[risk] ?? Number.POSITIVE_INFINITY) <= number);
    return { days: number, accounts, environment, risks: risks.length === RISKS.length ? null : risks };
  });
}

/** An environment only tightens: what it says counts beside what the account comes to. */
async function environmentClasses(
  tx: Tx,
  name: DaysName,
  bodies: ReadonlyMap<string, PolicyBody>,
): Promise<DaysClass[]> {
  const environments = await tx.selectFrom("environment_policy").select(["environment", "policy"]).execute();
  const nothing = bodyOf(name, [null, null, null, null]);
  return environments.flatMap(({ environment, policy }) => {
    const body = policy === null ? undefined : bodies.get(policy);
    if (policy === null || body === undefined) return [];
    const layers = {
      platform: { name: DEFAULT_POLICY, body: nothing },
      environment: { environment, name: policy, body },
    };
    return classesOf(byRisk(name, layers), null, environment);
  });
}

/** Of all keys, then of each risk. */
function bodyOf(name: DaysName, said: AccountKind["said"]): PolicyBody {
  const [all, ...ofRisks] = said;
  const risks = RISKS.map((risk, index) => [risk, ofRisks[index] === undefined ? {} : { [name]: ofRisks[index] }]);
  return { ...(all === undefined ? {} : { [name]: all }), risks: Object.fromEntries(risks) };
}

const saidOf = (name: DaysName): readonly Sql[] => [
  sql`p.overrides -> ${sql.lit(name)}`,
  ...RISKS.map((risk) => sql`p.overrides #> ${sql.lit(`{risks,${risk},${name}}`)}::text[]`),
];
const ownDays = (name: DaysName): RawBuilder<number | null> =>
  name === "rotationDays" ? sql`p.rotation_days` : sql`p.dormancy_days`;

async function selectAccountKinds(tx: Tx, name: DaysName): Promise<AccountKind[]> {
  const { rows } = await sql<{ policy: string | null; said: readonly (string | null)[] }>`
    SELECT DISTINCT p.policy, ARRAY[${sql.join(saidOf(name).map((said) => sql`(${said})::text`))}] AS said FROM account_policy p`.execute(
    tx,
  );
  return rows.map(({ policy, said }) => {
    return { policy, said: said.map((text) => (text === null ? undefined : (JSON.parse(text) as number | null))) };
  });
}

/** Ids of the accounts of these kinds. */
function accountsOf(name: DaysName, kinds: readonly AccountKind[]): Sql {
  const kind = sql.join([sql`p.policy`, ...saidOf(name).map((said) => sql`(${said})::text`)]);
  const either = kinds.map(({ policy, said }) => {
    const texts = said.map((value) => sql`${value === undefined ? null : JSON.stringify(value)}::text`);
    return sql`(${kind}) IS NOT DISTINCT FROM (${sql.join([sql`${policy}::text`, ...texts])})`;
  });
  return sql`SELECT p.account_id FROM account_policy p WHERE ${sql.join(either, sql` OR `)}`;
}

/** Columns of a key that say which days apply to it. */
export interface DaysColumns {
  readonly account: Sql;
  readonly environment: Sql;
  readonly grant: Sql;
}

/** Whether any days apply to any key. */
export function fewestDays({ classes, fewestOwn }: PolicyDays): number | null {
  const all = [...classes.map(({ days }) => days), ...(fewestOwn === null ? [] : [fewestOwn])];
  return all.length === 0 ? null : Math.min(...all);
}

/** `beyond` says it of a number of days; `own` of the days that keys say for themselves. */
export function beyondDays(
  { classes, fewestOwn, sets }: PolicyDays,
  columns: (needed: "account" | "all", condition: (columns: DaysColumns) => Sql) => Sql,
  beyond: (days: number) => Sql,
  own: Sql,
): Sql {
  const either = classes
    .toSorted((a, b) => b.days - a.days)
    .map(({ days, accounts, environment, risks }) => {
      const condition = ({ account, environment: of, grant }: DaysColumns): Sql =>
        sql.join(
          [
            ...(accounts === null ? [] : [accounts(account)]),
            ...(environment === null ? [] : [sql`${of} = ${environment}`]),
            ...(risks === null ? [] : [sql`${grant} = ANY(${risks.flatMap((risk) => sets[risk])}::bigint[])`]),
            sql`true`,
          ],
          sql` AND `,
        );
      return sql`(${beyond(days)} AND ${columns(environment === null && risks === null ? "account" : "all", condition)})`;
    });
  return sql`(${sql.join([...either, ...(fewestOwn === null ? [] : [own]), sql`false`], sql` OR `)})`;
}
