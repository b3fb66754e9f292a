import { deleteSchedule } from "./delete.ts";
import { getSchedule } from "./get.ts";
import { listSchedules } from "./list.ts";
import { putSchedule } from "./put.ts";

export const schedules = [listSchedules, getSchedule, putSchedule, deleteSchedule] as const;
