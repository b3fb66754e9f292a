/**
 * Stores: secrets are delivered to secret stores, and what no store takes is offered once to whoever may ask for it.
 *
 * Nouns: a store is a place outside that keeps secrets; a hand-over is one secret on its way (hand-over.ts has its states).
 * Invariants: a secret that is to be delivered is kept, sealed, in the transaction that makes it, until it has arrived; whatever ends a
 * hand-over takes its secret out of the database; nothing that belongs to somebody else is written over; no program is run that the
 * operator's settings do not name; nothing that a store answers is kept.
 * Events out: store.delivered, store.failed, hand-over.offered.
 */
export { createStores, deliveriesOf } from "./create-stores.ts";
export type { HandOver } from "./hand-over.ts";
export { makeHandOver } from "./make-hand-over.ts";
export type { StoresPorts } from "./ports.ts";
export { putStore } from "./put-store.ts";
export { eraseHandOvers, isHandedOver } from "./queries/hand-overs.ts";
export { demandStore } from "./stores.store.ts";
