import type { Act, Acting, Effective, Unit } from "../../kernel/act.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Member } from "./account.ts";

/** What the acts of this module are given. */
export interface AccountsPorts {
  readonly act: Act;
  readonly ids: Ids;
  /** Left out: nothing becomes of the keys of members who leave. */
  readonly leaving?: Leaving | undefined;
}

/** What was begun for a member who left, as it is shown. */
export interface Left {
  readonly keys: string;
  /** The act on their keys that is to be finished; null where there is none. */
  readonly bulkAct: string | null;
}

/** What becomes of the keys of members who leave: others know it. */
export interface Leaving {
  /** In the unit that deactivates a member; with `leaves` false they were so before, and what was begun then is told. */
  begin(
    unit: Unit,
    acting: Pick<Acting<unknown>, "actor" | "source">,
    member: Member,
    leaves: boolean,
  ): Promise<Left | null>;
  /** Null where it is not over yet; it goes on by itself. Throws BARRIER_UNCONFIRMED. */
  finish(acting: Pick<Acting<unknown>, "actor" | "source">, bulkAct: string): Promise<Effective | null>;
}
