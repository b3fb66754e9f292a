import { pick, recoveryOperations } from "@claviger/contract";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import type { RecoveryPorts } from "./ports.ts";
import { type RevealedKey, revealKey } from "./reveal-key.ts";

export function recoveryRoutes(ports: RecoveryPorts): Route[] {
  return [
    route(pick(recoveryOperations, "keys.reveal"), async (call) => {
      const acting = actingOf<RevealedKey>(call, async ({ key, version }) => ({ key: key.id, version }));
      const done = await revealKey(ports, acting, call.principal, call.params.id, call.body);
      const told = done.body as { readonly key: string; readonly version: number };
      return { status: 200, body: { ...told, secret: done.value?.secret.reveal() ?? null } };
    }),
  ];
}
