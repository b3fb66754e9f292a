import { OPERATIONS, openApiDocument, pick, systemOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { type Route, route } from "../kernel/route.ts";

export interface SystemPorts {
  /** Whether the database answers now. */
  databaseReachable(): Promise<boolean>;
  lease(): { readonly valid: boolean; readonly msLeft: number; readonly lag: number; readonly epoch: string | null };
  /** Whether this node is about to stop. */
  draining(): boolean;
  metrics(): Promise<string>;
  publicUrl(): string;
  readonly version: string;
}

/** Health, readiness, metrics and the contract itself. */
export function systemRoutes(ports: SystemPorts): Route[] {
  return [
    route(pick(systemOperations, "system.health"), async () => ({ status: 200, body: { status: "ok" } })),
    route(pick(systemOperations, "system.readiness"), async () => {
      const database = await ports.databaseReachable();
      const lease = ports.lease();
      const state = {
        ready: database && lease.valid && !ports.draining(),
        database,
        lease: lease.valid,
        leaseMsLeft: lease.msLeft,
        lag: lease.lag,
        epoch: lease.epoch,
        draining: ports.draining(),
      };
      if (!state.ready) throw new ClavigerError("UNAVAILABLE", { extra: state });
      return { status: 200, body: state };
    }),
    route(pick(systemOperations, "system.metrics"), async () => ({
      status: 200,
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      body: await ports.metrics(),
    })),
    route(pick(systemOperations, "system.openapi"), async () => ({
      status: 200,
      body: openApiDocument(OPERATIONS, ports.publicUrl(), ports.version),
    })),
  ];
}
