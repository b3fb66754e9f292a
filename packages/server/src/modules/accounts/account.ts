/**
 * States of an account: `active` → `suspended` → `active`; either → closed, for good, which is suspended as well. While it is suspended every
 * key of it is refused. What is known of people of a closed one is erased at `eraseAt`.
 * The reserved account, which management keys live in, is always active and is changed by nobody.
 */
export interface Account {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly plan: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: "active" | "suspended";
  readonly suspendedReason: string | null;
  readonly closedAt: Date | null;
  readonly eraseAt: Date | null;
  readonly erasedAt: Date | null;
  /** The act on many keys that ends those of a closed one; null where it had none. */
  readonly closingAct: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A person of an account. A deactivated member can create nothing. */
export interface Member {
  readonly id: string;
  readonly externalId: string | null;
  readonly account: string;
  readonly email: string;
  readonly name: string;
  readonly role: "owner" | "admin" | "developer" | "viewer";
  readonly status: "active" | "deactivated";
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An application of the account that calls the API. */
export interface Service {
  readonly id: string;
  readonly externalId: string | null;
  readonly account: string;
  readonly name: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const accountSubject = (id: string): string => `account:${id}`;
export const memberSubject = (id: string): string => `member:${id}`;
