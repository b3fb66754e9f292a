import { z } from "zod";
import { page, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

/** One server process. Times in milliseconds. */
export const node = z
  .object({
    /** Host and process. */
    name: z.string(),
    software: z.string(),
    /** First eight characters; another at each start. */
    incarnation: z.string(),
    /** Whether it is the one that answers. */
    self: z.boolean(),
    startedAt: timeOut,
    termMs: z.number().int(),
    /** Since the newest renewal that the node that answers has seen; null where it has seen none yet. */
    leaseAgeMs: z.number().int().nullable(),
    ackedSeq: z.number().int(),
    /** Changes that it has not acknowledged; null where it follows another database than the one that answers. */
    lag: z.number().int().nullable(),
    fenced: z.boolean(),
    verifiers: z.number().int(),
  })
  .meta({ id: "Node" });

export const nodeOperations = [
  operation({
    id: "nodes.list",
    method: "GET",
    path: "/v1/nodes",
    summary: "Nodes of the cluster, oldest first: who holds a lease, and how far each has followed the changes",
    access: { kind: "management", scope: "claviger:nodes:read" },
    responses: { 200: { description: "All nodes, on one page", schema: page(node) } },
    errors: [],
    audit: [],
    narrows: false,
  }),
] as const;
