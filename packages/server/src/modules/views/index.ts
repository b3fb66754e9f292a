/**
 * Views: filters of the list of keys that users keep under a name.
 *
 * Invariants: a view belongs to the management key that saved it, which alone changes and deletes it; others see it where it is
 * shared; a name is shared once. Built-in views are the inventory's, and their names are refused here by the contract. Who wishes to be told
 * when a view gains rows is told of each once.
 * Events out: view.gained.
 */
export type { SavedView } from "./saved-view.ts";
export { viewsRoutes } from "./views.api.ts";
export { findView, selectViews } from "./views.store.ts";
export { watchViews } from "./watch-views.ts";
