import { getDrill } from "./get.ts";
import { listDrills } from "./list.ts";
import { showStanding } from "./standing.ts";
import { startDrill } from "./start.ts";

export const drills = [startDrill, listDrills, getDrill, showStanding] as const;
