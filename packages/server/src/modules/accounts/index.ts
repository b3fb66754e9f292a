/**
 * Accounts: the customers, their members (people) and services (calling applications).
 *
 * States: an account is active or suspended, a member active or deactivated; see account.ts.
 * Invariants: one account is reserved for management keys and changed by nobody; an external id is unique among accounts,
 * and among the members and services of one account.
 * What becomes of the keys of members who leave is others' to know (`Leaving`), and done in the unit that deactivates them.
 * Events out: account.created, account.suspended, account.resumed.
 */
export { type Account, accountSubject, type Member, type Service } from "./account.ts";
export { accountsRoutes, showAccount, showMember, showService } from "./accounts.api.ts";
export {
  findAccount,
  findAccounts,
  findBilled,
  findContacts,
  findMember,
  findService,
  type Hold,
  insertAccount,
  selectMembers,
  selectServices,
  updateAccount,
} from "./accounts.store.ts";
export type { AccountsPorts, Leaving, Left } from "./ports.ts";
export { putAccount } from "./put-account.ts";
export { addMember, deactivateMember, type PutMember, putMember, replaceMember } from "./put-member.ts";
export { putService } from "./put-service.ts";
export { eraseAccount, takeDue } from "./queries/erase.ts";
export { resumeAccount } from "./resume-account.ts";
export { suspendAccount } from "./suspend-account.ts";
