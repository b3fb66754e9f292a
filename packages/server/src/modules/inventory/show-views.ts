import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { readCursor, writeCursor } from "../../kernel/cursor.ts";
import type { Page, PageRequest } from "../../kernel/page.ts";
import { findView, type SavedView, selectViews } from "../views/index.ts";
import { BUILT_IN_VIEWS, type BuiltInView, isAccountView, isBuiltInView, type KeyViewName } from "./built-in-views.ts";
import { countCrowded, selectCrowded } from "./queries/account-views.ts";
import { countViewed, selectKeysById, selectViewed } from "./queries/key-views.ts";
import { countListed, type KeyListFilter, listKeys, type Viewer } from "./queries.ts";
import { showKeys } from "./shown-key.ts";
import { momentAt } from "./view-moment.ts";
import { crowdedReason, DESCRIPTIONS } from "./view-reasons.ts";
import { basisOf, showViewed } from "./view-rows.ts";

export interface ViewPage extends Page<Readonly<Record<string, unknown>>> {
  /** All rows of the view; null where only its pages can tell. */
  readonly total: number | null;
}

/** One page of a view. Throws NOT_FOUND for a view that the viewer has not, and INVALID_CURSOR. */
export async function showView(
  tx: Tx,
  viewer: Viewer,
  name: string,
  request: PageRequest,
  now: Date,
): Promise<ViewPage> {
  if (!isBuiltInView(name)) {
    const saved = await findView(tx, viewer.keyId, name);
    if (saved === null) throw new ClavigerError("NOT_FOUND");
    return showSaved(tx, viewer, saved, request, now);
  }
  return isAccountView(name) ? showCrowded(tx, request, now) : showBuiltIn(tx, name, request, now);
}

async function showBuiltIn(tx: Tx, name: KeyViewName, request: PageRequest, now: Date): Promise<ViewPage> {
  const moment = momentAt(now);
  const sort = `view:${name}`;
  const kind = name === "creator-inactive" || name === "owner-inactive" ? "string?" : "time?";
  const place = request.cursor === undefined ? null : readCursor(request.cursor, sort, [kind, "string"]);
  const after = place === null ? null : { value: place[0] as string | null, id: String(place[1]) };
  const basis = await basisOf(tx, name);
  const total = await countViewed(tx, name, moment, basis);
  const found = await selectViewed(tx, name, moment, after, request.limit + 1, basis);
  const places = found.slice(0, request.limit);
  const keys = await selectKeysById(
    tx,
    places.map(({ id }) => id),
  );
  const last = found.length > request.limit ? places.at(-1) : undefined;
  return {
    data: await showViewed(tx, name, keys, now),
    total,
    nextCursor: last === undefined ? null : writeCursor({ sort, values: [last.value, last.id] }),
  };
}

async function showCrowded(tx: Tx, request: PageRequest, now: Date): Promise<ViewPage> {
  const moment = momentAt(now);
  const sort = "view:accounts-over-10-keys";
  const place = request.cursor === undefined ? null : readCursor(request.cursor, sort, ["number", "string"]);
  const after = place === null ? null : { unrevoked: Number(place[0]), id: String(place[1]) };
  const total = await countCrowded(tx, moment);
  const found = await selectCrowded(tx, moment, after, request.limit + 1);
  const accounts = found.slice(0, request.limit);
  const last = found.length > request.limit ? accounts.at(-1) : undefined;
  return {
    data: accounts.map((account) => {
      const { unrevoked: _, ...shown } = account;
      return { ...shown, ...crowdedReason(account) };
    }),
    total,
    nextCursor: last === undefined ? null : writeCursor({ sort, values: [last.unrevoked, last.id] }),
  };
}

async function showSaved(tx: Tx, viewer: Viewer, saved: SavedView, request: PageRequest, now: Date): Promise<ViewPage> {
  const filter = saved.filter as KeyListFilter;
  const page = await listKeys(tx, viewer, { ...filter, sort: filter.sort ?? "-createdAt", ...request }, now);
  const shown = await showKeys(tx, page.data, now.getTime());
  const why = whySaved(saved);
  return {
    data: shown.map((key) => ({ ...key, why, figures: saved.filter })),
    total: await countListed(tx, viewer, filter, now),
    nextCursor: page.nextCursor,
  };
}

function whySaved({ filter }: SavedView): string {
  const parts = Object.entries(filter).filter(([field]) => field !== "sort");
  return parts.length === 0
    ? "It is a key."
    : `It matches ${parts.map(([field, value]) => `${field} = ${value}`).join(", ")}.`;
}

/** Every view that the viewer has, built-in ones first, each with how many rows it has. */
export async function listViews(tx: Tx, viewer: Viewer, now: Date): Promise<Readonly<Record<string, unknown>>[]> {
  const views: Readonly<Record<string, unknown>>[] = [];
  for (const name of BUILT_IN_VIEWS) {
    views.push({
      ...{ name, description: DESCRIPTIONS[name], builtIn: true, rows: isAccountView(name) ? "accounts" : "keys" },
      ...{ total: await countBuiltIn(tx, name, now), filter: null, shared: true, notify: false, mine: false },
    });
  }
  for (const view of await selectViews(tx, viewer.keyId)) {
    const { name, description, filter, shared, notify } = view;
    views.push({
      ...{ name, description, builtIn: false, rows: "keys", filter, shared, notify },
      ...{ total: await countSaved(tx, viewer, view, now), mine: view.owner === viewer.keyId },
    });
  }
  return views;
}

/** How many rows a built-in view has, counted up to `most`; null: all of them. */
export async function countBuiltIn(tx: Tx, name: BuiltInView, now: Date, most: number | null = null): Promise<number> {
  const moment = momentAt(now);
  return isAccountView(name)
    ? countCrowded(tx, moment, most)
    : countViewed(tx, name, moment, await basisOf(tx, name), most);
}

/** A view that somebody shares may show what this viewer may not see: then it has no total for them. */
async function countSaved(tx: Tx, viewer: Viewer, view: SavedView, now: Date): Promise<number | null> {
  try {
    return await countListed(tx, viewer, view.filter as KeyListFilter, now);
  } catch (error) {
    if (error instanceof ClavigerError) return null;
    throw error;
  }
}
