import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { EngineError, systemCode, WAY_OUT } from "./errors.ts";

/** An entry of the system's user list. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/**
 * As whom PostgreSQL runs. `self`: as we do. `other`: we are root, which PostgreSQL refuses to be, so it runs as an
 * unprivileged user that exists already; none is created behind the operator's back.
 */
export type RunAs = { readonly kind: "self" } | { readonly kind: "other"; readonly account: Account };

/** `postgres` keeps the files from other services; `nobody` exists everywhere. */
const UNPRIVILEGED = ["postgres", "nobody"];

/** What the system says about users; reads lazily, as most starts need little of it. */
export interface UserFacts {
  /** Our own user id. */
  readonly self: number;
  /** Whether our own user id has an entry in the user list. */
  listed(): boolean;
  accounts(): readonly Account[];
}

/**
 * Decides as whom PostgreSQL runs on the cluster at `pgData`, which may not exist yet. An existing cluster keeps its
 * owner. Throws DATA_DIR_FOREIGN or ACCOUNT_MISSING.
 */
export function chooseAccount(pgData: string, facts: UserFacts = systemUsers(), owner = ownerOf(pgData)): RunAs {
  if (facts.self !== 0) {
    if (owner !== undefined && owner !== facts.self) {
      throw foreign(pgData, `user id ${owner}, and this process has ${facts.self}`);
    }
    if (facts.listed()) return { kind: "self" };
    // initdb refuses a user id without a name, which containers may run as.
    throw new EngineError(
      "ACCOUNT_MISSING",
      `User id ${facts.self} has no entry in /etc/passwd, which PostgreSQL needs. Add one, or set DATABASE_URL to your own PostgreSQL.`,
    );
  }
  if (owner === 0) throw foreign(pgData, "root, as which PostgreSQL refuses to run");
  const accounts = facts.accounts();
  if (owner !== undefined) {
    const account = accounts.find((a) => a.uid === owner);
    if (account === undefined) throw foreign(pgData, `user id ${owner}, which is not in /etc/passwd`);
    return { kind: "other", account };
  }
  const account = UNPRIVILEGED.flatMap((name) => accounts.filter((a) => a.name === name && a.uid !== 0))[0];
  if (account === undefined) {
    throw new EngineError(
      "ACCOUNT_MISSING",
      `PostgreSQL does not run as root, and there is no user ${UNPRIVILEGED.join(" or ")}. Start as an ordinary user, or set DATABASE_URL to your own PostgreSQL.`,
    );
  }
  return { kind: "other", account };
}

/**
 * Whether the account can pass through every directory above and including `path`, by owner, group and mode.
 * Access lists are not read: where they grant more, the answer is false although the account could.
 */
export function canReach(path: string, account: Account): boolean {
  for (let dir = realpathSync(path); ; dir = dirname(dir)) {
    const { uid, gid, mode } = statSync(dir);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dir === dirname(dir)) return true;
  }
}

function ownerOf(path: string): number | undefined {
  try {
    return lstatSync(path).uid;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    if (systemCode(error) === "EACCES") throw foreign(dirname(path), "another user");
    throw error;
  }
}

function foreign(path: string, owner: string): EngineError {
  return new EngineError("DATA_DIR_FOREIGN", `${path} belongs to ${owner}. ${WAY_OUT}.`);
}

function systemUsers(): UserFacts {
  return { self: process.getuid?.() ?? 0, listed: hasOwnEntry, accounts: readAccounts };
}

function hasOwnEntry(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

function readAccounts(): Account[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .flatMap(([name, , uid, gid]) =>
      name && /^\d+$/.test(uid ?? "") && /^\d+$/.test(gid ?? "") ? [{ name, uid: Number(uid), gid: Number(gid) }] : [],
    );
}
