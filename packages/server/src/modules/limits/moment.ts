import type { Moment } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";

/** One reading of both clocks. */
export function moment(clock: Clock): Moment {
  return { mono: clock.mono(), wall: clock.wall() };
}
