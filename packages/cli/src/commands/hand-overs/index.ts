import { claimHandOver } from "./claim.ts";
import { getHandOver } from "./get.ts";
import { listHandOvers } from "./list.ts";

export const handOvers = [listHandOvers, getHandOver, claimHandOver] as const;
