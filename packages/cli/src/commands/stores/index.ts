import { deleteStore } from "./delete.ts";
import { getStore } from "./get.ts";
import { listStores } from "./list.ts";
import { putStore } from "./put.ts";
import { testStore } from "./test.ts";

export const stores = [listStores, getStore, putStore, deleteStore, testStore] as const;
