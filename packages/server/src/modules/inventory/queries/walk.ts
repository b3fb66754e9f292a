/** How the keys of a stretch are walked: `k.sorted` is the hour of an order by hours, and null in all others. */
import { type RawBuilder, sql } from "kysely";
import { hourOf } from "../view-moment.ts";
import { type KeyFilter, rangeCondition, said } from "./key-conditions.ts";
import type { Place, SortRule, Stretch, WalkColumn } from "./key-sorts.ts";
import { expiryCondition } from "./status.ts";

type Sql = RawBuilder<unknown>;

const isHour = (column: WalkColumn): boolean => column === "used_hour" || column === "refused_hour";

/** Keys before they are filtered; of key_activity, its own columns under the names of the key's. */
export function walkedRows(column: WalkColumn): Sql {
  return isHour(column)
    ? sql`SELECT j.*, k.sorted FROM (SELECT a.key_id AS id, ${sql.ref(`a.${column}`)} AS sorted FROM key_activity a) k
        JOIN api_key j ON j.id = k.id`
    : sql`SELECT *, NULL::bigint AS sorted FROM api_key k`;
}

/** What a stretch is ordered by, and the condition that begins after a place in it. */
export function walkedFrom(
  stretch: Stretch,
  rule: SortRule,
  after: Place | null,
  reverse: boolean,
): { readonly by: readonly Sql[]; readonly place: Sql } {
  const past = sql.raw(reverse ? "<" : ">");
  if (stretch.value !== undefined || stretch.column === "id") {
    return { by: [sql`k.id`], place: after === null ? sql`true` : sql`k.id ${past} ${after[1]}` };
  }
  const column = isHour(stretch.column) ? sql`k.sorted` : sql.ref(`k.${stretch.column}`);
  const by = [column, sql`k.id`];
  // Of an order by several things the last one is what the index of a stretch holds.
  const bound = after === null ? null : rule.bounds(after[0]).at(-1);
  return { by, place: after === null ? sql`true` : sql`(${column}, k.id) ${past} (${bound}, ${after[1]})` };
}

/** What the index can take into account while it is walked; and what it is an index of. */
export function walkCondition(filter: KeyFilter, column: WalkColumn, now: Date): Sql {
  const account = said(filter, (part) => part.account);
  const status = said(filter, (part) => part.status);
  switch (column) {
    case "id":
      return equals("account_id", account);
    case "created_at": {
      const range = rangeCondition(
        "k.created_at",
        said(filter, ({ created }) => created),
      );
      if (account !== undefined) return equals("account_id", account);
      return range ?? equals("state", status === "revoked" || status === "suspended" ? status : undefined);
    }
    case "expires_or_never":
      if (status === "active" || status === "expiring" || status === "expired") return expiryCondition(status, now);
      return (
        rangeCondition(
          "k.expires_or_never",
          said(filter, ({ expires }) => expires),
        ) ?? sql`true`
      );
    case "used_hour":
      return usedCondition(filter);
    case "refused_hour":
      return sql`k.sorted > '-infinity'`;
    case "account_id":
      return equals("account_id", account);
    case "environment":
      return sql`k.environment IS NOT NULL AND ${equals(
        "environment",
        said(filter, (part) => part.environment),
      )}`;
    case "service_id":
      return sql`k.service_id IS NOT NULL AND ${equals(
        "service_id",
        said(filter, (part) => part.service),
      )}`;
    case "owner_member":
      return sql`k.kind = 'customer' AND k.owner_member IS NOT NULL
        AND ${equals(
          "owner_member",
          said(filter, (part) => part.ownerMember),
        )}`;
    case "owner_team":
      return sql`k.owner_team IS NOT NULL AND ${equals(
        "owner_team",
        said(filter, (part) => part.ownerTeam),
      )}`;
    case "created_by":
      return sql`k.kind = 'customer' AND ${equals(
        "created_by",
        said(filter, (part) => part.createdBy),
      )}`;
    case "criticality":
      return equals(
        "criticality",
        said(filter, (part) => part.criticality),
      );
    case "label":
      return sql`true`;
    default:
      return column satisfies never;
  }
}

function equals(column: string, value: string | undefined): Sql {
  return value === undefined ? sql`true` : sql`${sql.ref(`k.${column}`)} = ${value}`;
}

/** Hours are those of the last use, so only the ends of a span need a look at the use itself. */
function usedCondition(filter: KeyFilter): Sql {
  const used = said(filter, (part) => part.used);
  if (used === "never") return sql`k.sorted = '-infinity'`;
  const { from, to } = said(filter, ({ lastUsed }) => lastUsed) ?? {};
  const earliest = from === undefined ? null : sql`k.sorted >= ${hourOf(from)}`;
  const latest = to === undefined ? null : sql`k.sorted <= ${hourOf(to)}`;
  const ever = used === "ever" || from !== undefined || to !== undefined ? sql`k.sorted > '-infinity'` : sql`true`;
  return sql.join([ever, ...(earliest === null ? [] : [earliest]), ...(latest === null ? [] : [latest])], sql` AND `);
}
