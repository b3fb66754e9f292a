import { createDraw } from "./draw.ts";
import type { DemoPlan, DemoSize } from "./plan.ts";
import { planAccounts, planMembers, planServices } from "./plan-accounts.ts";
import { planExamples, planKeys } from "./plan-keys.ts";
import { planOddities } from "./plan-oddities.ts";

const SIZE: DemoSize = { members: 300, keys: 1_200 };

/** The whole platform as it will be, and how it came to be: the same for the same seed. */
export function planDemo(seed: number, size: DemoSize = SIZE): DemoPlan {
  const draw = createDraw(seed);
  const accounts = planAccounts(draw.fork("accounts"));
  const members = planMembers(draw.fork("members"), accounts, size.members);
  const services = planServices(draw.fork("services"), accounts);
  const [first] = accounts;
  if (first === undefined) throw new TypeError("a platform has accounts");
  const keys = planKeys(
    draw.fork("keys"),
    { accounts, members, services },
    [...planExamples(first), ...planOddities(first)],
    size.keys,
  );
  return { accounts, members, services, keys };
}
