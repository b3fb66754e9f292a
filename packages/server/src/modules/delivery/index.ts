/**
 * Delivery: how a secret that was just made comes to whoever is to have it.
 *
 * Nouns: a link opens the secret of one version of a key, once (link.ts has its states).
 * Invariants: what opens a link is in one answer and nowhere else, so that the database alone opens nothing; of many who open it at the
 * same time one is given the secret; whatever ends a link takes its secret out of the database.
 * Events out: link.opened, link.locked.
 */
export { createDelivery, deliveryJob } from "./create-delivery.ts";
export { eraseLinks } from "./delivery.store.ts";
export { LINK_PAGE } from "./make-link.ts";
