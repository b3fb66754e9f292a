import type { Act } from "../../kernel/act.ts";
import type { Ids } from "../../kernel/ids.ts";

/** What the acts of this module are given. */
export interface AccountsPorts {
  readonly act: Act;
  readonly ids: Ids;
}
