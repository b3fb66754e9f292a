import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { type Page, pageOf } from "../../kernel/page.ts";
import { findAccount } from "../accounts/index.ts";
import { type Authority, mayManage } from "../keys/index.ts";
import { findLink, selectLinks } from "./delivery.store.ts";
import type { Link, LinkState } from "./link.ts";

export interface LinksAsked {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly account?: string | undefined;
  readonly key?: string | undefined;
  readonly state?: LinkState | undefined;
}

/** Newest first. Throws NOT_FOUND for an unknown account, INVALID_CURSOR. */
export async function listLinks(tx: Tx, authority: Authority, asked: LinksAsked, now: Date): Promise<Page<Link>> {
  const account = asked.account === undefined ? null : await findAccount(tx, asked.account);
  if (asked.account !== undefined && account === null) throw new ClavigerError("NOT_FOUND");
  const filter = {
    ...{ account: account?.id ?? null, key: asked.key ?? null, state: asked.state ?? null },
    management: mayManage(authority),
  };
  const order = { sort: "id", kinds: ["string"], valuesOf: (link: Link) => [link.id] } as const;
  return pageOf(asked, order, (after, count) =>
    selectLinks(tx, filter, after === null ? null : String(after[0]), count, now),
  );
}

/** Throws NOT_FOUND, also for one of a management key where these may not be managed. */
export async function requireLink(tx: Tx, authority: Authority, id: string): Promise<Link> {
  const link = await findLink(tx, id);
  if (link === null || (link.management && !mayManage(authority))) throw new ClavigerError("NOT_FOUND");
  return link;
}
