import type { Route } from "../../kernel/route.ts";
import type { KeysPorts } from "../keys/index.ts";
import type { RecoveryPorts } from "./ports.ts";
import { createSealer } from "./prepare-sealing.ts";
import { recoveryRoutes } from "./recovery.api.ts";

export interface Recovery {
  readonly routes: readonly Route[];
  /** For those who make secrets. */
  readonly sealing: Required<Pick<KeysPorts, "sealer">>;
}

export function createRecovery(ports: RecoveryPorts): Recovery {
  return { routes: recoveryRoutes(ports), sealing: { sealer: createSealer(ports) } };
}
