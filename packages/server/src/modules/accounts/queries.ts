import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { type Page, type PageRequest, pageOf } from "../../kernel/page.ts";
import type { Account, Member, Service } from "./account.ts";
import {
  type AccountFilter,
  findMember,
  findService,
  selectAccounts,
  selectMembers,
  selectServices,
} from "./accounts.store.ts";
import { requireAccount } from "./put-account.ts";

const NEWEST_FIRST = { sort: "-id", kinds: ["string"], valuesOf: (row: { readonly id: string }) => [row.id] } as const;

function pageById<T extends { readonly id: string }>(
  request: PageRequest,
  select: (after: string | null, count: number) => Promise<T[]>,
): Promise<Page<T>> {
  return pageOf<T>(request, NEWEST_FIRST, (after, count) => select(after === null ? null : String(after[0]), count));
}

export function listAccounts(tx: Tx, filter: AccountFilter, request: PageRequest): Promise<Page<Account>> {
  return pageById(request, (after, count) => selectAccounts(tx, filter, after, count));
}

export async function getAccount(tx: Tx, reference: string): Promise<Account> {
  return requireAccount(tx, reference);
}

export async function listMembers(
  tx: Tx,
  account: string,
  status: Member["status"] | undefined,
  request: PageRequest,
): Promise<Page<Member>> {
  const { id } = await requireAccount(tx, account);
  return pageById(request, (after, count) => selectMembers(tx, id, status, after, count));
}

export async function getMember(tx: Tx, account: string, reference: string): Promise<Member> {
  const { id } = await requireAccount(tx, account);
  const member = await findMember(tx, id, reference);
  if (member === null) throw new ClavigerError("NOT_FOUND");
  return member;
}

export async function listServices(tx: Tx, account: string, request: PageRequest): Promise<Page<Service>> {
  const { id } = await requireAccount(tx, account);
  return pageById(request, (after, count) => selectServices(tx, id, after, count));
}

export async function getService(tx: Tx, account: string, reference: string): Promise<Service> {
  const { id } = await requireAccount(tx, account);
  const service = await findService(tx, id, reference);
  if (service === null) throw new ClavigerError("NOT_FOUND");
  return service;
}
