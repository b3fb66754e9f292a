/**
 * A one-time link: whoever has it opens the secret of one version of a key, once.
 *
 * open → opened    by whoever has the link, and its passphrase and address where it asks for them
 *      → locked    after MOST_FAILURES attempts of somebody who had the link and not the rest
 *      → revoked   by an administrator
 *      → expired   by time
 *      → void      when somebody wanted to open it and its key or version had ended
 * Only an open one holds its sealed secret. None comes back.
 */
export type LinkState = "open" | "opened" | "expired" | "revoked" | "locked" | "void";

export interface Link {
  readonly id: string;
  readonly account: string;
  readonly key: string;
  readonly version: number;
  /** Of a management key. */
  readonly management: boolean;
  readonly state: LinkState;
  readonly recipient: string | null;
  /** Whether it asks for one. */
  readonly passphrase: boolean;
  /** None: from anywhere. */
  readonly allowedIps: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly openedFrom: string | null;
  readonly failures: number;
}

export const MOST_FAILURES = 5;

/** As it stands at this moment, also before anybody has written down that its time is over. */
export function stateOf({ state, expiresAt }: Pick<Link, "state" | "expiresAt">, now: Date): LinkState {
  return state === "open" && expiresAt <= now ? "expired" : state;
}

/** As the contract shows it. Nothing of it opens anything. */
export function shapeLink(link: Link, now: Date) {
  const { id, account, key, version, recipient, passphrase, allowedIps, createdBy, openedFrom, failures } = link;
  const state = stateOf(link, now);
  const endedAt = link.endedAt ?? (state === "expired" ? link.expiresAt : null);
  return {
    ...{ id, account, key, version, state, recipient, passphrase, allowedIps, createdBy },
    ...{ createdAt: link.createdAt.toISOString(), expiresAt: link.expiresAt.toISOString() },
    ...{ endedAt: endedAt?.toISOString() ?? null, openedFrom, failures },
  };
}

/** What audit events say a link is of. */
export function aboutLink({ id, account }: Pick<Link, "id" | "account">) {
  return { account, target: { type: "link", id } };
}
