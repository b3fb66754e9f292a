import { exportMetering } from "./export.ts";
import { listMetering } from "./list.ts";
import { listPeriods } from "./periods.ts";

export const metering = [listMetering, listPeriods, exportMetering] as const;
