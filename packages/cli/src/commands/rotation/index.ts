import { acknowledgeRotation } from "./acknowledge.ts";
import { cancelRotation } from "./cancel.ts";
import { confirmRotation } from "./confirm.ts";
import { extendRotation } from "./extend.ts";
import { finishRotation } from "./finish.ts";
import { showRotation } from "./show.ts";

export const rotation = [
  showRotation,
  confirmRotation,
  acknowledgeRotation,
  extendRotation,
  cancelRotation,
  finishRotation,
] as const;
