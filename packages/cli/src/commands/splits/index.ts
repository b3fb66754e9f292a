import { cancelSplit } from "./cancel.ts";
import { finishSplit } from "./finish.ts";
import { getSplit } from "./get.ts";
import { listSplits } from "./list.ts";
import { startSplit } from "./start.ts";

export const splits = [listSplits, getSplit, startSplit, finishSplit, cancelSplit] as const;
