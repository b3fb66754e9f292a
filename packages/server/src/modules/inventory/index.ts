/**
 * Inventory: keys as they are shown: lists, filters, one key with its versions and use. Reads other modules' tables, writes none.
 */

export { inventoryRoutes } from "./inventory.api.ts";
export { lastUseOf } from "./pages/impact.ts";
export { describeKeys, selectKeyIds, selectSavedIds } from "./select-keys.ts";
export { showKey, showKeys, showOwn } from "./shown-key.ts";
