import { deleteView } from "./delete.ts";
import { listViews } from "./list.ts";
import { saveView } from "./save.ts";
import { showView } from "./show.ts";

export const views = [listViews, showView, saveView, deleteView] as const;
