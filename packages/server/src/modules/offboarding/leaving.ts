import type { Acting, Unit } from "../../kernel/act.ts";
import type { Leaving, Member } from "../accounts/index.ts";
import { finishBulkAct } from "../bulk-acts/index.ts";
import { ownerOf } from "../keys/index.ts";
import { beginOffboarding } from "./begin-offboarding.ts";
import { findOffboarding } from "./offboarding.store.ts";
import type { Offboarding } from "./offboarding.ts";
import type { OffboardingPorts } from "./ports.ts";
import { readPolicy } from "./put-offboarding-policy.ts";

/** For so long whoever deactivates a member waits for the keys; it goes on by itself. */
const WAIT_MS = 20_000;

export const shownOffboarding = ({ member, startedAt, keys, to, owned, made, bulkAct }: Offboarding) => ({
  ...{ member, keys, to: to === null ? null : ownerOf(to) },
  ...{ owned, made, bulkAct, startedAt: startedAt.toISOString() },
});

/** What deactivating a member brings with it, by policy: handed to who keeps members. */
export function createLeaving(ports: OffboardingPorts): Leaving {
  return {
    begin: async (unit: Unit, acting: Pick<Acting<unknown>, "actor" | "source">, member: Member, leaves: boolean) => {
      const left = leaves
        ? await beginOffboarding(ports, unit, acting, member, await readPolicy(unit.tx, member.account))
        : await findOffboarding(unit.tx, member.account, member.id);
      return left === null ? null : shownOffboarding(left);
    },
    finish: async (acting, bulkAct) => (await finishBulkAct(ports, acting, bulkAct, WAIT_MS)).effective,
  };
}
