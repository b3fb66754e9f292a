/**
 * The roles of one installation. Their names carry a suffix of their own, because PostgreSQL's roles belong to the whole
 * server: two installations on one server must not share them.
 *
 * `app`      sees the rows of the one account named in `claviger.account`
 * `platform` sees all accounts, for management acts
 * `lookup`   reads what verification needs, for all accounts, and writes nothing
 *
 * A policy asks for the role and for the setting `claviger.reach`; a connection that has set neither sees no row.
 */
export interface RoleNames {
  readonly app: string;
  readonly platform: string;
  readonly lookup: string;
}

export type Reach = { readonly kind: "account"; readonly account: string } | { readonly kind: "platform" | "lookup" };

export const PLATFORM: Reach = { kind: "platform" };
export const LOOKUP: Reach = { kind: "lookup" };

export function accountReach(account: string): Reach {
  return { kind: "account", account };
}

export function roleFor(reach: Reach, roles: RoleNames): string {
  return reach.kind === "account" ? roles.app : roles[reach.kind];
}
