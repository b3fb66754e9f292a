import { createCallOutside } from "../../kernel/outgoing/index.ts";
import type { Route } from "../../kernel/route.ts";
import type { KeysPorts } from "../keys/index.ts";
import { expireHandOvers } from "./expire-hand-overs.ts";
import { deliverWith } from "./make-hand-over.ts";
import type { StoresPorts } from "./ports.ts";
import { StoreCourier } from "./store-courier.ts";
import { storesRoutes } from "./stores.api.ts";

/** What a node does about stores. */
export interface Stores {
  readonly routes: readonly Route[];
  readonly jobs: readonly { readonly name: string; readonly everyMs: number; work(): Promise<void> }[];
  /** Begins to deliver what is due. */
  deliver(): Promise<void>;
  /** Ends what is offered for too long. */
  expire(): Promise<void>;
  /** Waits until what this node delivers has ended. */
  idle(): Promise<void>;
  /** Begins nothing more, and gives what is under way two seconds. */
  stop(): Promise<void>;
}

/** What is under way is given so long at a stop, in milliseconds. */
const GRACE_MS = 2_000;
const DELIVER_MS = 500;
const EXPIRE_MS = 2_000;

export function createStores(ports: StoresPorts): Stores {
  const all = { ...ports, call: createCallOutside(ports) };
  const courier = new StoreCourier(all);
  const deliver = () => courier.tick();
  const expire = () => expireHandOvers(ports);
  return {
    routes: storesRoutes(all),
    jobs: [
      { name: "deliver secrets", everyMs: DELIVER_MS, work: deliver },
      { name: "expire hand-overs", everyMs: EXPIRE_MS, work: expire },
    ],
    ...{ deliver, expire },
    idle: () => courier.idle(),
    stop: () => courier.stop(GRACE_MS),
  };
}

/** For those who make secrets. */
export function deliveriesOf(
  ports: Pick<StoresPorts, "ids" | "random" | "keyring">,
): Required<Pick<KeysPorts, "deliver">> {
  return { deliver: deliverWith(ports) };
}
