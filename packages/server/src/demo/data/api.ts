import type { Limit, Tier } from "@claviger/core";

interface ScopeData {
  readonly name: string;
  readonly description: string;
  readonly tier: Tier;
  readonly sensitive: boolean;
  /** `METHOD /path`. */
  readonly routes: readonly string[];
}

const scope = (name: string, tier: Tier, description: string, ...routes: string[]): ScopeData => ({
  ...{ name, tier, description, routes, sensitive: false },
});
const sensitive = (...given: Parameters<typeof scope>): ScopeData => ({ ...scope(...given), sensitive: true });

/** The API of an invented company that sells customer management and invoicing. */
export const SCOPES: readonly ScopeData[] = [
  scope("contacts:read", "read", "See contacts and their notes", "GET /v2/contacts", "GET /v2/contacts/{id}"),
  scope(
    "contacts:write",
    "write",
    "Create, change and merge contacts",
    ...["POST /v2/contacts", "PATCH /v2/contacts/{id}", "DELETE /v2/contacts/{id}", "POST /v2/contacts/{id}/merge"],
  ),
  scope("companies:read", "read", "See companies", "GET /v2/companies", "GET /v2/companies/{id}"),
  scope("companies:write", "write", "Create and change companies", "POST /v2/companies", "PATCH /v2/companies/{id}"),
  scope("deals:read", "read", "See deals and pipelines", "GET /v2/deals", "GET /v2/deals/{id}", "GET /v2/pipelines"),
  scope("deals:write", "write", "Create and move deals", "POST /v2/deals", "PATCH /v2/deals/{id}"),
  scope(
    "invoices:read",
    "read",
    "See invoices",
    "GET /v2/invoices",
    "GET /v2/invoices/{id}",
    "GET /v2/invoices/{id}/pdf",
  ),
  scope("invoices:write", "write", "Draft and send invoices", "POST /v2/invoices", "POST /v2/invoices/{id}/send"),
  scope("payments:read", "read", "See payments", "GET /v2/payments", "GET /v2/payments/{id}"),
  scope("payments:write", "write", "Take payments", "POST /v2/payments", "POST /v2/payments/{id}/capture"),
  sensitive("payments:refund", "write", "Give money back", "POST /v2/payments/{id}/refund"),
  scope("messages:read", "read", "See conversations", "GET /v2/messages", "GET /v2/messages/{id}"),
  scope("messages:send", "write", "Send messages to contacts", "POST /v2/messages"),
  scope("files:read", "read", "Download files", "GET /v2/files/{id}"),
  scope("files:write", "write", "Upload and delete files", "POST /v2/files", "DELETE /v2/files/{id}"),
  scope("reports:read", "read", "Run and fetch reports", "GET /v2/reports", "GET /v2/reports/{name}"),
  scope("search:read", "read", "Search everything that may be seen", "GET /v2/search"),
  scope("exports:create", "write", "Export data in bulk", "POST /v2/exports", "GET /v2/exports/{id}"),
  scope(
    "webhooks:manage",
    "write",
    "Subscribe to events",
    "GET /v2/webhooks",
    "POST /v2/webhooks",
    "DELETE /v2/webhooks/{id}",
  ),
  scope("users:read", "read", "See users", "GET /v2/users", "GET /v2/users/{id}"),
  sensitive(
    "users:write",
    "admin",
    "Invite, change and remove users",
    "POST /v2/users",
    "PATCH /v2/users/{id}",
    "DELETE /v2/users/{id}",
  ),
  sensitive("roles:manage", "admin", "Change what users may do", "GET /v2/roles", "PUT /v2/roles/{id}"),
  sensitive("audit:read", "read", "Read the account's audit trail", "GET /v2/audit-events"),
  scope(
    "settings:manage",
    "admin",
    "Change the account's settings and billing",
    "GET /v2/settings",
    "PATCH /v2/settings",
    "PUT /v2/billing",
  ),
];

interface PlanData {
  readonly name: "starter" | "growth" | "business" | "enterprise";
  readonly maxActiveKeys: number | null;
  readonly limits: readonly Limit[];
  readonly scopes: readonly string[] | null;
}

const perMinute = (amount: number): Limit => ({ name: "requests", amount, per: "minute", shared: "account" });

export const PLANS: readonly PlanData[] = [
  {
    ...{ name: "starter", maxActiveKeys: 25, limits: [perMinute(120)] },
    scopes: [
      "read",
      "write",
      "contacts:*",
      "companies:*",
      "deals:*",
      "files:*",
      "invoices:read",
      "messages:*",
      "reports:read",
      "search:read",
    ],
  },
  { name: "growth", maxActiveKeys: 60, limits: [perMinute(600)], scopes: null },
  { name: "business", maxActiveKeys: 150, limits: [perMinute(3_000)], scopes: null },
  { name: "enterprise", maxActiveKeys: null, limits: [], scopes: null },
];

/** What an account of each plan is named after, biggest first; each is invented. */
export const COMPANIES: readonly (readonly [name: string, industry: string])[] = [
  ["Alderwick Logistics", "logistics"],
  ["Brightmoor Insurance", "insurance"],
  ["Calvenor Robotics", "manufacturing"],
  ["Dunmarrow Foods", "retail"],
  ["Eastlyn Telecom", "telecom"],
  ["Fennbrook Analytics", "software"],
  ["Greywater Hotels", "hospitality"],
  ["Hollinmarsh Legal", "professional services"],
  ["Ivorine Cosmetics", "retail"],
  ["Jasperfield Energy", "energy"],
  ["Kestrelby Air Cargo", "logistics"],
  ["Lindvarn Shipping", "logistics"],
  ["Mossgate Publishing", "media"],
  ["Nethercombe Farms", "agriculture"],
  ["Orrindale Savings", "finance"],
  ["Pellworth Clinics", "health"],
  ["Quillanet Studios", "media"],
  ["Ravenholme Security", "professional services"],
  ["Saltfern Ferries", "transport"],
  ["Thistlewane Textiles", "manufacturing"],
  ["Umberlane Interiors", "retail"],
  ["Varrowdale Outfitters", "retail"],
  ["Westering Payroll", "finance"],
  ["Yarrowfield Dental", "health"],
  ["Zephyrine Cycles", "manufacturing"],
  ["Amberlock Storage", "logistics"],
  ["Birchenhall Schools", "education"],
  ["Corvane Events", "hospitality"],
  ["Dovetarn Joinery", "manufacturing"],
  ["Elmsworthy Estates", "real estate"],
  ["Farrowgate Motors", "retail"],
  ["Gillanby Vets", "health"],
  ["Harrowstone Surveyors", "professional services"],
  ["Inglemoor Bakery", "retail"],
  ["Juniperlow Travel", "transport"],
  ["Kelderwood Timber", "manufacturing"],
  ["Larkenfield Solar", "energy"],
  ["Marlowick Press", "media"],
  ["Nightingrove Games", "software"],
  ["Oakhanger Charities", "non-profit"],
];
