import { z } from "zod";
import { operation } from "./operation.ts";

const open = { kind: "public" } as const;

export const systemOperations = [
  operation({
    id: "system.key-format",
    method: "GET",
    path: "/v1/key-format",
    summary: "How a key of this platform looks, so that anyone can recognise one offline",
    access: open,
    responses: {
      200: {
        description: "Expression, checksum rule and scanner rules",
        schema: z.object({
          prefix: z.string(),
          tags: z.array(z.string()),
          pattern: z.string(),
          regex: z.string(),
          maxLength: z.number().int(),
          checksum: z.object({
            algorithm: z.string(),
            alphabet: z.string(),
            covers: z.string(),
            length: z.number().int(),
            description: z.string(),
          }),
          gitleaks: z.string(),
          trufflehog: z.string(),
        }),
      },
    },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "system.health",
    method: "GET",
    path: "/healthz",
    summary: "The process lives",
    access: open,
    responses: { 200: { description: "It does", schema: z.object({ status: z.literal("ok") }) } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "system.readiness",
    method: "GET",
    path: "/readyz",
    summary: "Database reachable, lease held and no stop under way: send this node requests",
    access: open,
    responses: {
      200: {
        description: "Ready",
        schema: z.object({
          ready: z.boolean(),
          database: z.boolean(),
          lease: z.boolean(),
          leaseMsLeft: z.number(),
          lag: z.number().int(),
          epoch: z.string().nullable(),
          draining: z.boolean(),
        }),
      },
    },
    errors: ["UNAVAILABLE"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "system.metrics",
    method: "GET",
    path: "/metrics",
    summary: "Prometheus metrics",
    access: open,
    responses: { 200: { description: "Text exposition format", contentType: "text/plain" } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "system.openapi",
    method: "GET",
    path: "/openapi.json",
    summary: "This contract as OpenAPI 3.1",
    access: open,
    responses: { 200: { description: "OpenAPI 3.1 document", schema: z.record(z.string(), z.json()) } },
    errors: [],
    audit: [],
    narrows: false,
  }),
] as const;
