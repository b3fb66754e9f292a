import type { Tier } from "@claviger/core";

/** A way in which companies use an API key, with what is typical of it. */
export interface Use {
  readonly labels: readonly string[];
  readonly purpose: string | null;
  readonly tier?: Tier;
  readonly scopes?: readonly string[];
  readonly environments: readonly (readonly ["live" | "test" | "dev", weight: number])[];
  /** Requests a day, from the quietest to the busiest. */
  readonly perDay: readonly [low: number, high: number];
  /** Share of weekday traffic on a weekend day. */
  readonly weekend: number;
  /** How common it is. */
  readonly weight: number;
  readonly service?: string;
  readonly ips?: number;
  readonly rationale?: string;
  readonly criticality?: "low" | "medium" | "high" | "critical";
  readonly storedIn?: string;
  readonly referrers?: boolean;
  /** Whether the smallest plan may have it. */
  readonly starter?: boolean;
  /** Nobody looks after it: no owner, never expires. */
  readonly forgotten?: boolean;
}

const LIVE = [["live", 1]] as const;
const MIXED = [
  ["live", 6],
  ["test", 3],
  ["dev", 1],
] as const;

export const USES: readonly Use[] = [
  {
    ...{
      labels: ["Nightly invoice export", "Month-end invoice export"],
      purpose: "Pulls invoices into accounting every night",
    },
    ...{ scopes: ["invoices:read", "reports:read"], environments: MIXED, perDay: [24, 400], weekend: 1, weight: 9 },
    ...{
      service: "Billing worker",
      ips: 0.6,
      criticality: "medium",
      storedIn: "vault: kv/finance/invoice-export",
      starter: true,
    },
  },
  {
    ...{
      labels: ["Data warehouse loader", "Warehouse sync", "Analytics extract"],
      purpose: "Copies contacts, companies and deals into the warehouse",
    },
    ...{
      scopes: ["contacts:read", "companies:read", "deals:read"],
      environments: LIVE,
      perDay: [1_500, 9_000],
      weekend: 1,
      weight: 9,
    },
    ...{
      service: "Warehouse loader",
      ips: 0.4,
      criticality: "medium",
      storedIn: "vault: kv/data/loader",
      starter: true,
    },
  },
  {
    ...{ labels: ["Checkout", "Shop backend", "Checkout EU"], purpose: "Takes payments in the web shop" },
    ...{
      scopes: ["payments:read", "payments:write", "invoices:write"],
      environments: MIXED,
      perDay: [2_000, 26_000],
      weekend: 1.3,
      weight: 7,
    },
    ...{ service: "Web shop", ips: 0.5, criticality: "critical", storedIn: "kubernetes: shop/checkout" },
  },
  {
    ...{
      labels: ["CRM sync", "Contact sync", "Two-way contact sync"],
      purpose: "Keeps contacts in step with the directory",
    },
    ...{
      scopes: ["contacts:*"],
      environments: MIXED,
      perDay: [400, 12_000],
      weekend: 0.3,
      weight: 10,
      criticality: "high",
      starter: true,
    },
  },
  {
    ...{ labels: ["Support desk sidebar", "Ticket enrichment"], purpose: "Shows who is calling beside the ticket" },
    ...{
      scopes: ["contacts:read", "messages:read"],
      environments: LIVE,
      perDay: [200, 4_000],
      weekend: 0.2,
      weight: 6,
    },
    ...{ service: "Support desk", criticality: "medium", starter: true },
  },
  {
    ...{ labels: ["Campaign sender", "Renewal reminders"], purpose: "Sends messages to segments of contacts" },
    ...{
      scopes: ["contacts:read", "messages:send"],
      environments: MIXED,
      perDay: [10, 2_500],
      weekend: 0.1,
      weight: 6,
      starter: true,
    },
  },
  {
    ...{ labels: ["Mobile app backend", "iOS and Android backend"], purpose: "Serves the mobile apps" },
    ...{
      tier: "write",
      environments: MIXED,
      perDay: [3_000, 30_000],
      weekend: 1.2,
      weight: 5,
      service: "Mobile backend",
    },
    ...{ criticality: "critical", storedIn: "kubernetes: mobile/api", starter: true },
  },
  {
    ...{
      labels: ["CI smoke tests", "CI contract tests", "Staging pipeline"],
      purpose: "Runs against the sandbox on every merge",
    },
    ...{
      tier: "write",
      environments: [
        ["test", 5],
        ["dev", 1],
      ],
      perDay: [20, 600],
      weekend: 0.1,
      weight: 9,
      storedIn: "CI secrets",
      starter: true,
    },
  },
  {
    ...{
      labels: ["Local development"],
      purpose: null,
      tier: "write",
      environments: [
        ["dev", 3],
        ["test", 2],
      ],
      perDay: [1, 60],
    },
    ...{ weekend: 0.05, weight: 11, criticality: "low", starter: true },
  },
  {
    ...{
      labels: ["Sandbox integration", "Proof of concept", "Workshop"],
      purpose: "Trying things out before going live",
    },
    ...{
      tier: "read",
      environments: [["test", 1]],
      perDay: [1, 200],
      weekend: 0.1,
      weight: 7,
      criticality: "low",
      starter: true,
    },
  },
  {
    ...{ labels: ["Wallboard", "Sales dashboard", "Board report"], purpose: "Figures on the wall, every minute" },
    ...{
      scopes: ["reports:read", "deals:read"],
      environments: LIVE,
      perDay: [900, 1_440],
      weekend: 1,
      weight: 6,
      service: "Reporting",
      starter: true,
    },
  },
  {
    ...{ labels: ["Event relay", "Webhook registration"], purpose: "Subscribes to events for the message bus" },
    ...{
      scopes: ["webhooks:manage", "deals:read"],
      environments: MIXED,
      perDay: [2, 90],
      weekend: 0.6,
      weight: 4,
      service: "Event relay",
    },
  },
  {
    ...{
      labels: ["User provisioning", "Directory sync"],
      purpose: "Creates and removes users as people join and leave",
    },
    ...{
      scopes: ["users:read", "users:write"],
      environments: LIVE,
      perDay: [20, 500],
      weekend: 0.2,
      weight: 3,
      service: "Identity sync",
    },
    ...{
      ips: 0.8,
      rationale: "The directory is the source of truth for users; agreed with security",
      criticality: "high",
    },
  },
  {
    ...{
      labels: ["Audit archive", "SIEM feed"],
      purpose: "Archives the audit trail",
      scopes: ["audit:read"],
      environments: LIVE,
    },
    ...{ perDay: [96, 300], weekend: 1, weight: 3, ips: 0.7, criticality: "high", storedIn: "vault: kv/security/siem" },
  },
  {
    ...{ labels: ["Data migration", "One-off clean-up", "Historic import"], purpose: "One-off move of old records" },
    ...{ tier: "admin", environments: LIVE, perDay: [500, 15_000], weekend: 1, weight: 3 },
    ...{ rationale: "Touches every resource while old records are moved; to be revoked afterwards" },
  },
  {
    ...{
      labels: ["Partner: Tarnwell Consulting", "Partner: Ostrava Data", "Partner: Millbeck Systems"],
      purpose: "Used by an outside company",
    },
    ...{
      scopes: ["contacts:read", "deals:read", "deals:write"],
      environments: MIXED,
      perDay: [50, 3_000],
      weekend: 0.3,
      weight: 6,
    },
    ...{ ips: 0.9, criticality: "high", starter: true },
  },
  {
    ...{ labels: ["Store finder search", "Help centre search"], purpose: "Search box on the public web site" },
    ...{
      scopes: ["search:read"],
      environments: LIVE,
      perDay: [300, 9_000],
      weekend: 1.1,
      weight: 3,
      referrers: true,
      starter: true,
    },
  },
  {
    ...{ labels: ["Refund tool", "Goodwill refunds"], purpose: "Lets support give money back" },
    ...{
      scopes: ["payments:read", "payments:refund"],
      environments: LIVE,
      perDay: [3, 120],
      weekend: 0.3,
      weight: 3,
      ips: 0.8,
      criticality: "high",
    },
  },
  {
    ...{ labels: ["Production", "API key 1", "Main integration", "Legacy integration"], purpose: null, tier: "admin" },
    ...{ environments: LIVE, perDay: [4_000, 40_000], weekend: 0.7, weight: 2, forgotten: true },
    ...{ rationale: "Made before scopes existed" },
  },
  {
    ...{ labels: ["Load test", "Performance rig"], purpose: "Measures the sandbox under load" },
    ...{
      tier: "write",
      environments: [["test", 1]],
      perDay: [8_000, 45_000],
      weekend: 0.9,
      weight: 2,
      criticality: "low",
    },
  },
  {
    ...{ labels: ["Document archive", "Contract upload"], purpose: "Files signed contracts" },
    ...{
      scopes: ["files:read", "files:write"],
      environments: MIXED,
      perDay: [10, 800],
      weekend: 0.1,
      weight: 4,
      starter: true,
    },
  },
];
