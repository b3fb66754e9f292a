import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { readCursor, writeCursor } from "../../kernel/cursor.ts";
import type { Page, PageRequest } from "../../kernel/page.ts";
import { findAccount, findMember, findService } from "../accounts/index.ts";
import { type Authority, type KeyStatus, mayManage } from "../keys/index.ts";
import { findView } from "../views/index.ts";
import { isAccountView, isBuiltInView, statusesOfView } from "./built-in-views.ts";
import { BOUNDS, type Bounds, countNarrow, type FoundKey, selectKeys } from "./inventory.store.ts";
import type { KeyFilter, Range } from "./queries/key-conditions.ts";
import { type KeySort, type Place, sortOf } from "./queries/key-sorts.ts";
import { viewCondition } from "./queries/key-views.ts";
import { momentAt } from "./view-moment.ts";
import { basisOf } from "./view-rows.ts";

/** What a list of keys can be asked for; times as RFC 3339. */
export interface KeyListFilter {
  readonly account?: string | undefined;
  readonly environment?: string | undefined;
  readonly status?: KeyStatus | undefined;
  readonly scope?: string | undefined;
  /** A member (with `account`, also by the caller's id) or `team:<name>`. */
  readonly owner?: string | undefined;
  readonly service?: string | undefined;
  /** A member (with `account`, also by the caller's id) or a management key. */
  readonly createdBy?: string | undefined;
  readonly tier?: string | undefined;
  readonly tag?: string | undefined;
  readonly criticality?: string | undefined;
  readonly stored?: "yes" | "no" | undefined;
  readonly used?: "ever" | "never" | undefined;
  readonly lastUsedBefore?: string | undefined;
  readonly lastUsedAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
  readonly createdAfter?: string | undefined;
  readonly expiresBefore?: string | undefined;
  readonly expiresAfter?: string | undefined;
  readonly throttled?: "yes" | "no" | undefined;
  readonly q?: string | undefined;
  readonly sort?: KeySort | undefined;
}

export interface KeyListRequest extends PageRequest, KeyListFilter {
  /** A built-in view of keys or a saved one, beside all other conditions. */
  readonly view?: string | undefined;
  readonly sort: KeySort;
}

export type Viewer = Pick<Authority, "keyId" | "scopes">;

/**
 * A page of keys. Management keys are listed only where the reserved account is named, by who may manage them.
 * A filter that names nobody gives an empty page. A page costs the same at any number of keys; one that looks for what is rare among
 * very many may therefore be short, or empty, and still have a next one. Throws INVALID_CURSOR, NOT_FOUND for a view that there is not, and
 * VALIDATION_FAILED for `ext:` people without an account, and for an order without an index where no condition is narrow.
 */
export async function listKeys(
  tx: Tx,
  viewer: Viewer,
  request: KeyListRequest,
  now: Date,
  bounds: Bounds = BOUNDS,
): Promise<Page<FoundKey>> {
  const own = await resolve(tx, viewer, request);
  const filter = own === null ? null : await withView(tx, viewer, own, request.view, now);
  if (filter === null) return { data: [], nextCursor: null };
  const { sort, limit } = request;
  const found = await selectKeys(tx, filter, sort, placeOf(request), limit + 1, now, bounds);
  if (found === null) throw tooMany(sort);
  const data = found.keys.slice(0, limit);
  const place = found.keys.length > limit ? data.at(-1)?.place : found.stoppedAt;
  return { data, nextCursor: place == null ? null : writeCursor({ sort, values: place }) };
}

function placeOf({ cursor, sort }: KeyListRequest): Place | null {
  if (cursor === undefined) return null;
  const { rule } = sortOf(sort);
  const [value, id] = readCursor(cursor, sort, [rule.cursor, "string"]) as Place;
  if (rule.values?.includes(value) === false) throw new ClavigerError("INVALID_CURSOR");
  return [value, id];
}

function tooMany(sort: KeySort): ClavigerError {
  const message =
    `orders no more keys than can be read at once: ask also for an account, an owner, a service, a creator,
    a rare word or a short span of time`.replace(/\s+/g, " ");
  return new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "sort", message: `${sort} ${message}` }] });
}

/** How many keys a filter matches; null where only its pages can tell. */
export async function countListed(tx: Tx, viewer: Viewer, request: KeyListFilter, now: Date): Promise<number | null> {
  const filter = await resolve(tx, viewer, request);
  return filter === null ? 0 : countNarrow(tx, filter, now);
}

async function withView(
  tx: Tx,
  viewer: Viewer,
  filter: KeyFilter,
  view: string | undefined,
  now: Date,
): Promise<KeyFilter | null> {
  if (view === undefined) return filter;
  if (!isBuiltInView(view)) {
    const saved = await findView(tx, viewer.keyId, view);
    if (saved === null) throw new ClavigerError("NOT_FOUND");
    const also = await resolve(tx, viewer, saved.filter as KeyListFilter);
    return also === null || also.kind !== filter.kind ? null : { ...filter, also };
  }
  if (isAccountView(view)) {
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path: "view", message: "is a view of accounts; this is a list of keys" }],
    });
  }
  const viewed = viewCondition(view, momentAt(now), await basisOf(tx, view));
  // Orders by what no key of the view has, or all have alike, are not looked through for it.
  const also: KeyFilter = { kind: filter.kind, ...(view === "no-owner" ? { lacks: "owner" } : {}), also: filter.also };
  return { ...filter, viewed, viewedStatuses: statusesOfView(view), also };
}

function rangeOf(from: string | undefined, to: string | undefined): Range | undefined {
  if (from === undefined && to === undefined) return undefined;
  return {
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}

async function resolve(
  tx: Tx,
  authority: Pick<Authority, "scopes">,
  request: KeyListFilter,
): Promise<KeyFilter | null> {
  const { environment, status, scope, q, tier, tag, criticality, stored, used, throttled } = request;
  const base: KeyFilter = {
    ...{ kind: "customer", environment, status, scope, q, tier, tag, criticality, stored, used, throttled },
    lastUsed: rangeOf(request.lastUsedAfter, request.lastUsedBefore),
    created: rangeOf(request.createdAfter, request.createdBefore),
    expires: rangeOf(request.expiresAfter, request.expiresBefore),
  };
  const account = request.account === undefined ? null : await findAccount(tx, request.account);
  if (request.account !== undefined && account === null) return null;
  if (account?.reserved === true && !mayManage(authority)) {
    throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: "claviger:management:write" } });
  }
  const people = await resolvePeople(tx, account?.id, request);
  if (people === null) return null;
  const customers = status === "requested" ? "requested" : "customer";
  return { ...base, ...people, account: account?.id, kind: account?.reserved === true ? "management" : customers };
}

async function resolvePeople(
  tx: Tx,
  account: string | undefined,
  request: KeyListFilter,
): Promise<Pick<KeyFilter, "ownerMember" | "ownerTeam" | "service" | "createdBy"> | null> {
  const { owner, service, createdBy } = request;
  for (const [path, value] of [
    ["owner", owner],
    ["service", service],
    ["createdBy", createdBy],
  ] as const) {
    if (value?.startsWith("ext:") === true && account === undefined) {
      throw new ClavigerError("VALIDATION_FAILED", {
        errors: [{ path, message: "an id of your own needs the account beside it" }],
      });
    }
  }
  const foundService =
    service?.startsWith("ext:") === true ? await findService(tx, account ?? "", service) : { id: service };
  const foundCreator = await memberOf(tx, account, createdBy);
  if (foundService === null || foundCreator === null) return null;
  const found = { service: foundService.id, createdBy: foundCreator.id };
  if (owner?.startsWith("team:") === true) return { ownerTeam: owner.slice("team:".length), ...found };
  const foundOwner = await memberOf(tx, account, owner);
  return foundOwner === null ? null : { ownerMember: foundOwner.id, ...found };
}

async function memberOf(
  tx: Tx,
  account: string | undefined,
  reference: string | undefined,
): Promise<{ readonly id: string | undefined } | null> {
  return reference?.startsWith("ext:") === true ? findMember(tx, account ?? "", reference) : { id: reference };
}
