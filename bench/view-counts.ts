/** Counts of uses for benchmarks of pages: what some hundred events of each eighth key came to, and years of a few busy ones. */

const ROUTES = ["/contacts", "/contacts/{id}", "/invoices", "/invoices/{id}", "/reports"];
/** Each eighth key is in use, each 16 384th is busy and has been for long. */
const IN_USE = "k.kind = 'customer' AND hashtextextended(k.id, 8) & 7 = 0";
const BUSY = "k.kind = 'customer' AND hashtextextended(k.id, 8) & 16383 = 0";
const LONG_DAYS = 390;

const sums = (requests: string): string => `${requests}, ${requests}, 0, 0, 0, 0, ${requests}, 25.0 * ${requests}, 90`;
const routes = (count: number): string =>
  `(VALUES ${ROUTES.slice(0, count)
    .map((route) => `('${route}')`)
    .join(", ")}) AS r (route)`;
const CODES = "(VALUES ('VALID', 38), ('INSUFFICIENT_SCOPE', 2)) AS c (code, requests)";
const day = (back: string): string => `(date_trunc('day', now(), 'UTC') - ${back} * interval '1 day')`;
const hour = (back: string): string => `(date_trunc('hour', now(), 'UTC') - ${back} * interval '1 hour')`;

function countsOf(table: string, which: string, at: string, times: string, routeCount: number, codes: string): string {
  return `INSERT INTO ${table} SELECT k.id, ${at}, r.route, true, 'GET', c.code, k.account_id, k.environment, ${sums("c.requests")}
    FROM api_key k CROSS JOIN generate_series(${times}) t CROSS JOIN ${routes(routeCount)} CROSS JOIN ${codes} WHERE ${which}
    ON CONFLICT DO NOTHING`;
}

/** Tables that the statements write, under forced row-level security otherwise. */
export const COUNT_TABLES = [
  ...["usage_event", "usage_hour", "usage_day", "usage_total", "key_outcome", "key_source"],
] as const;

/** In this order; as the owner of the tables, after keys and their uses. */
export const COUNT_STATEMENTS: readonly string[] = [
  `SELECT make_usage_partitions((current_date - d)::date) FROM generate_series(0, ${LONG_DAYS + 31}, 28) d`,
  "SELECT make_usage_partitions((current_date - d)::date) FROM generate_series(0, 2) d",
  countsOf("usage_day", IN_USE, day("t"), "0, 9", 2, CODES),
  countsOf("usage_day", BUSY, day("t"), `0, ${LONG_DAYS}`, 5, CODES),
  countsOf("usage_hour", IN_USE, hour("t"), "0, 21, 3", 1, CODES),
  countsOf("usage_hour", BUSY, hour("t"), "0, 167", 5, CODES),
  `INSERT INTO usage_total SELECT ${hour("h")}, e.name, c.code, 5000 * c.requests, 5000 * c.requests
    FROM generate_series(0, ${LONG_DAYS * 24}) h CROSS JOIN (VALUES ('live'), ('test')) AS e (name) CROSS JOIN ${CODES}`,
  `INSERT INTO key_outcome SELECT key_id, version, 'VALID', account_id, first_used_at, last_used_at, 760, 760 FROM key_use WHERE last_used_at IS NOT NULL`,
  `INSERT INTO key_outcome SELECT key_id, version, last_refused_code, account_id, last_refused_at, last_refused_at, 1, 1
    FROM key_use WHERE last_refused_at IS NOT NULL`,
  `INSERT INTO key_source SELECT k.id, s.kind, s.value, k.account_id, now() - interval '9 days', now(), 700, 60
    FROM api_key k CROSS JOIN (VALUES ('network', '193.0.6.0/24'), ('country', 'NL'), ('agent', 'curl')) AS s (kind, value) WHERE ${IN_USE}`,
  `INSERT INTO usage_event (at, cost, stands_for, version, browser, key_id, account_id, environment, code, method, route, mapped, ip, country, agent)
    SELECT now() - t * interval '20 seconds', 1, 1, 1, false, k.id, k.account_id, k.environment, 'VALID', 'GET', '/contacts', true, '193.0.6.139', 'NL', 'curl'
    FROM api_key k CROSS JOIN generate_series(0, 2000) t WHERE ${BUSY}`,
  `INSERT INTO usage_event (at, cost, stands_for, version, browser, key_id, account_id, environment, code, method, route, mapped, ip, country, agent)
    SELECT u.last_used_at, 1, 1, 1, false, k.id, k.account_id, k.environment, 'VALID', 'GET', '/contacts', true, '193.0.6.139', 'NL', 'curl'
    FROM api_key k JOIN key_use u ON u.key_id = k.id WHERE u.last_used_at > date_trunc('day', now(), 'UTC') - interval '1 day'`,
];
