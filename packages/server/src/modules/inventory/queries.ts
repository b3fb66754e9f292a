import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { readCursor, writeCursor } from "../../kernel/cursor.ts";
import type { Page, PageRequest } from "../../kernel/page.ts";
import { findAccount, findMember, findService } from "../accounts/index.ts";
import { type Authority, type Key, type KeyStatus, mayManage } from "../keys/index.ts";
import { type KeyFilter, type KeySort, selectKeys, sortValueOf } from "./inventory.store.ts";

export interface KeyListRequest extends PageRequest {
  readonly account?: string | undefined;
  readonly environment?: string | undefined;
  readonly status?: KeyStatus | undefined;
  readonly scope?: string | undefined;
  /** A member (with `account`, also by the caller's id) or `team:<name>`. */
  readonly owner?: string | undefined;
  readonly service?: string | undefined;
  readonly q?: string | undefined;
  readonly sort: KeySort;
}

/**
 * A page of keys. Management keys are listed only where the reserved account is named, by who may manage them.
 * A filter that names nobody gives an empty page. A page costs the same at any number of keys; one that looks for what is rare among
 * very many may therefore be short, or empty, and still have a next one. Throws INVALID_CURSOR, and VALIDATION_FAILED for `ext:` owners without an account.
 */
export async function listKeys(
  tx: Tx,
  authority: Pick<Authority, "scopes">,
  request: KeyListRequest,
  now: Date,
): Promise<Page<Key>> {
  const filter = await resolve(tx, authority, request);
  if (filter === null) return { data: [], nextCursor: null };
  const { sort, limit } = request;
  const after =
    request.cursor === undefined
      ? null
      : readCursor(request.cursor, sort, [sort.endsWith("label") ? "string?" : "time?", "string"]);
  const { keys, stoppedAt } = await selectKeys(tx, filter, sort, after, limit + 1, now);
  const data = keys.slice(0, limit);
  const last = keys.length > limit ? data.at(-1) : stoppedAt;
  return { data, nextCursor: last == null ? null : writeCursor({ sort, values: [sortValueOf(last, sort), last.id] }) };
}

async function resolve(
  tx: Tx,
  authority: Pick<Authority, "scopes">,
  request: KeyListRequest,
): Promise<KeyFilter | null> {
  const { environment, status, scope, q } = request;
  const base: KeyFilter = { kind: "customer", environment, status, scope, q };
  const account = request.account === undefined ? null : await findAccount(tx, request.account);
  if (request.account !== undefined && account === null) return null;
  if (account?.reserved === true && !mayManage(authority)) {
    throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: "claviger:management:write" } });
  }
  const people = await resolvePeople(tx, account?.id, request);
  if (people === null) return null;
  return { ...base, ...people, account: account?.id, kind: account?.reserved === true ? "management" : "customer" };
}

async function resolvePeople(
  tx: Tx,
  account: string | undefined,
  request: KeyListRequest,
): Promise<Pick<KeyFilter, "ownerMember" | "ownerTeam" | "service"> | null> {
  const { owner, service } = request;
  for (const [path, value] of [
    ["owner", owner],
    ["service", service],
  ] as const) {
    if (value?.startsWith("ext:") === true && account === undefined) {
      throw new ClavigerError("VALIDATION_FAILED", {
        errors: [{ path, message: "an id of your own needs the account beside it" }],
      });
    }
  }
  const foundService =
    service?.startsWith("ext:") === true ? await findService(tx, account ?? "", service) : { id: service };
  if (foundService === null) return null;
  if (owner?.startsWith("team:") === true) return { ownerTeam: owner.slice("team:".length), service: foundService.id };
  const foundOwner = owner?.startsWith("ext:") === true ? await findMember(tx, account ?? "", owner) : { id: owner };
  return foundOwner === null ? null : { ownerMember: foundOwner.id, service: foundService.id };
}
