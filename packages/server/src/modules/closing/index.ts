/**
 * Closing: an account ends for good (E5).
 *
 * States: open → closed → erased; see accounts.
 * Invariants: it is refused as a whole in the unit that closes it, and no key is made beside that; its keys end as one act on many keys, which any
 * node goes on with; what is known of its people is erased at its time and not before, and the audit chain stays whole.
 * Events out: account.closed, account.erased, and what acts on many keys tell.
 */
export { closingRoutes } from "./closing.api.ts";
export { createEraser } from "./erase-accounts.ts";
