import type { Route } from "../../kernel/route.ts";
import type { KeysPorts } from "../keys/index.ts";
import { deliveryRoutes } from "./delivery.api.ts";
import { expireLinks } from "./expire-links.ts";
import { prepareLink } from "./make-link.ts";
import type { DeliveryPorts } from "./ports.ts";

export interface Delivery {
  readonly routes: readonly Route[];
  /** For those who make secrets. */
  readonly links: Required<Pick<KeysPorts, "prepareLink">>;
}

export function createDelivery(ports: DeliveryPorts): Delivery {
  return { routes: deliveryRoutes(ports), links: { prepareLink: (wanted) => prepareLink(ports, wanted) } };
}

/** What every node does every so often. */
export const deliveryJob = (ports: Pick<DeliveryPorts, "act" | "database" | "clock">) => () => expireLinks(ports);
