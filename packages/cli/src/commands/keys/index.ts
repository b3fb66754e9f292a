import { createKey } from "./create.ts";
import { getKey } from "./get.ts";
import { keyImpact } from "./impact.ts";
import { inspectKey } from "./inspect.ts";
import { listKeys } from "./list.ts";
import { keyPolicy } from "./policy.ts";
import { putKeyPolicy } from "./put-policy.ts";
import { resumeKey } from "./resume.ts";
import { revealKey } from "./reveal.ts";
import { revokeKey } from "./revoke.ts";
import { revokeManyKeys } from "./revoke-many.ts";
import { revokeOwnKey } from "./revoke-self.ts";
import { rotateKey } from "./rotate.ts";
import { rotateOwnKey } from "./rotate-self.ts";
import { ownKey } from "./self.ts";
import { suggestKey } from "./suggest.ts";
import { suspendKey } from "./suspend.ts";
import { suspendManyKeys } from "./suspend-many.ts";
import { throttleKey, unthrottleKey } from "./throttle.ts";
import { updateKey } from "./update.ts";

export const keys = [
  createKey,
  listKeys,
  getKey,
  inspectKey,
  keyImpact,
  suggestKey,
  updateKey,
  rotateKey,
  keyPolicy,
  putKeyPolicy,
  revokeKey,
  revokeManyKeys,
  suspendManyKeys,
  suspendKey,
  throttleKey,
  unthrottleKey,
  resumeKey,
  revealKey,
  ownKey,
  rotateOwnKey,
  revokeOwnKey,
] as const;
