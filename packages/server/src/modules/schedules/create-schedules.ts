import type { Route } from "../../kernel/route.ts";
import type { StoresPorts } from "../stores/index.ts";
import { givingUp } from "./hold-schedule.ts";
import type { SchedulePorts } from "./ports.ts";
import { runSchedules } from "./run-schedules.ts";
import { schedulesRoutes } from "./schedules.api.ts";

const RUN_MS = 2_000;

/** What a node does about schedules. */
export interface Schedules {
  readonly routes: readonly Route[];
  readonly jobs: readonly { readonly name: string; readonly everyMs: number; work(): Promise<void> }[];
  /** Rotates the keys that are due. */
  run(): Promise<void>;
  /** For stores. */
  readonly giveUp: StoresPorts["giveUp"];
}

export function createSchedules(ports: SchedulePorts): Schedules {
  const run = () => runSchedules(ports);
  const jobs = [{ name: "run schedules", everyMs: RUN_MS, work: run }];
  return { routes: schedulesRoutes(ports), jobs, run, giveUp: givingUp(ports.rotation) };
}
