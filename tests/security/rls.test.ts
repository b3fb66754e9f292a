/** Row-level security and grants, tried with the very logins that the service has (design: security, 8). */
import {
  api,
  issueKey,
  issueManagementKey,
  type MadeAccount,
  makeAccount,
  makeScopes,
  succeeded,
  testBatch,
  testCell,
  testWriter,
  uniqueSuffix,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage } from "../support/client.ts";
import { RECOVERABLE } from "../support/key-keepers.ts";
import { beginSplit, makeHandOver, makeLink, STORE } from "../support/samples.ts";

/** Tables that hold rows of accounts; whoever adds one with an account_id is asked to name it here. */
const OWNED = [
  "account",
  "account_activity",
  "account_policy",
  "api_key",
  "approval",
  "audit_event",
  "budget",
  "budget_crossing",
  "delivery",
  "dormancy_notice",
  "expiry_warning",
  "hand_over",
  "idempotency_record",
  "key_activity",
  "key_outcome",
  "key_policy",
  "key_source",
  "key_split",
  "key_use",
  "key_use_day",
  "key_version",
  "key_words",
  "mail",
  "mail_event",
  "member",
  "metering",
  "name_words",
  "notice_preference",
  "offboarding",
  "offboarding_policy",
  "outbox_event",
  "recoverable_secret",
  "rotation",
  "rotation_schedule",
  "scim_credential",
  "scim_user",
  "secret_link",
  "service",
  "split_caller",
  "usage_day",
  "usage_event",
  "usage_facet_day",
  "usage_facet_hour",
  "usage_hour",
  "webhook",
];

let stage: Stage;
let other: MadeAccount;
let node: pg.Client;
let owner: pg.Client;

beforeAll(async () => {
  stage = await openStage(RECOVERABLE);
  const { root } = stage;
  await makeScopes(root);
  other = await makeAccount(root);
  for (const { id } of [stage.account, other]) {
    const { id: key, secret } = await issueKey(root, id);
    const cell = testCell(key, { ip: "203.0.113.7" });
    await testWriter(stage.app.database.database).write(null, testBatch([cell]));
    await root.post("/v1/verify", { key: secret, environment: "live" });
    await root.post(
      "/v1/keys",
      { account: id, environment: "live", label: "x", tier: "read" },
      { "idempotency-key": id },
    );
    await root.post(`/v1/keys/${key}/rotate`, {});
    await root.put(`/v1/keys/${key}/schedule`, { everyDays: 3650, deliverTo: { offer: true } });
  }
  for (const { id } of [stage.account, other]) await makeLink(root, id);
  for (const { id } of [stage.account, other]) await makeHandOver(root, id);
  for (const { id } of [stage.account, other]) await beginSplit(root, (await issueKey(root, id)).id);
  await root.put("/v1/stores/one", STORE);
  for (const { id } of [stage.account, other]) await addBudget(id);
  for (const { id } of [stage.account, other]) await addMail(id);
  for (const { id } of [stage.account, other]) {
    const hook = { account: id, url: "https://hooks.example.com/", events: ["webhook.disabled"] };
    await root.put(`/v1/webhooks/${id.toLowerCase()}`, hook);
    await root.post(`/v1/webhooks/${id.toLowerCase()}/test`);
    await root.put(`/v1/accounts/${id}/policy`, { overrides: { rotationDays: 30 } });
    await root.put(`/v1/keys/${(await issueKey(root, id)).id}/policy`, { rotationDays: 20 });
  }
  for (const { id } of [stage.account, other]) {
    await root.put(`/v1/accounts/${id}/offboarding`, { keys: "suspend" });
    await root.post(`/v1/accounts/${id}/members/ext:viewer/offboard`);
    const scim = await issueManagementKey(root, ["claviger:scim:write"]);
    await root.put(`/v1/accounts/${id}/scim-credentials/${scim.id}`);
    succeeded(await api(stage.app.url, scim.secret).post("/scim/v2/Users", { userName: "ada@acme.example" }));
  }
  for (const { id } of [stage.account, other]) await addDormancy(id);
  await askInEach();
  succeeded(await root.post("/v1/drills"));
  await root.post("/v1/keys/suspend", { ids: ["key_01ARZ3NDEKTSV4RRFFQ69G5FAV"], reason: "a question" });
  node = new pg.Client(stage.app.database.node);
  owner = new pg.Client(stage.app.database.owner);
  await Promise.all([node.connect(), owner.connect()]);
  // Uses are written a while after they were made, those of the first management key among them.
  await waitFor(
    async () => {
      const used = await as("platform", { reach: "platform" }, "SELECT DISTINCT account_id AS id FROM key_use");
      const ids = typeof used === "string" ? [] : used.rows.map(({ id }) => id);
      return [stage.account.id, other.id].every((id) => ids.includes(id));
    },
    { timeoutMs: 30_000 },
  );
});
afterAll(async () => {
  await Promise.all([node.end(), owner.end()]);
  await stage.app.stop();
});

/** A key of each account that waits for approval. */
async function askInEach(): Promise<void> {
  await stage.root.put("/v1/policies/asking", { approvals: [{ by: "staff", tiers: ["write"] }] });
  for (const { id } of [stage.account, other]) {
    await stage.root.put(`/v1/accounts/${id}/policy`, { policy: "asking" });
    await stage.root.post("/v1/keys", { account: id, environment: "live", label: "x", tier: "write" });
  }
}

/** A mail that waits, with all that it is made of, as the service would write it. */
async function addMail(account: string): Promise<void> {
  const member = `mem_${account}`;
  const { roles } = stage.app.database;
  await withNode(async (client) => {
    await client.query(`SELECT set_config('role', $1, false), set_config('claviger.reach', 'platform', false)`, [
      roles.platform,
    ]);
    const run = (text: string, values: readonly string[]) => client.query(text, [...values]);
    await run("SELECT set_config('claviger.change_seq', '0', false)", []);
    await run(`INSERT INTO claviger.member VALUES ($2, $1, $2, 'a@b.example', 'A', 'admin', 'active', now(), now())`, [
      account,
      member,
    ]);
    await run(`INSERT INTO claviger.notice_preference VALUES ($1, $2, 'budget', false, now())`, [account, member]);
    await run(`INSERT INTO claviger.mail VALUES ($3, $1, $2, 'sent', 1, now(), '[]', now(), now())`, [
      account,
      member,
      `mail_${account}`,
    ]);
    await run(`INSERT INTO claviger.mail_event VALUES ($2, $1, $2)`, [account, `mail_${account}`]);
    await run(`INSERT INTO claviger.expiry_warning VALUES ($2, 1, now(), 1, $2, $1, NULL, now())`, [account, member]);
  });
}

/** A key whose people were told that nobody uses it, as the service would write it. */
function addDormancy(account: string): Promise<void> {
  const { roles } = stage.app.database;
  return withNode(async (client) => {
    await client.query(`SELECT set_config('role', $1, false), set_config('claviger.reach', 'platform', false)`, [
      roles.platform,
    ]);
    const row =
      "SELECT id, account_id, 'suspend', now(), now(), now() FROM claviger.api_key WHERE account_id = $1 LIMIT 1";
    await client.query(`INSERT INTO claviger.dormancy_notice ${row}`, [account]);
  });
}

/** A budget that is half spent, as the service would write it. */
function addBudget(account: string): Promise<void> {
  const { roles } = stage.app.database;
  return withNode(async (client) => {
    await client.query(`SELECT set_config('role', $1, false), set_config('claviger.reach', 'platform', false)`, [
      roles.platform,
    ]);
    await client.query(`INSERT INTO claviger.budget VALUES ($1, 'requests', $1, NULL, 2, now(), now())`, [account]);
    await client.query(
      `INSERT INTO claviger.budget_crossing VALUES ($1, 'requests', date_trunc('month', now() AT TIME ZONE 'UTC'), 50, $1, now(), 2, 1)`,
      [account],
    );
  });
}

async function withNode(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(stage.app.database.node);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Nothing has a word that is a space. */
const ALL_WORDS = "!' '";

type Role = "app" | "platform" | "lookup";
type Reach = { readonly reach?: string; readonly account?: string };

/** Runs one statement as a role of the installation, which seeks all words, and rolls back. A refusal is returned as its code. */
async function as(
  role: Role | "login",
  { reach = "", account = "" }: Reach,
  text: string,
): Promise<pg.QueryResult | string> {
  await node.query("BEGIN");
  try {
    if (role !== "login") await node.query(`SET LOCAL ROLE ${pg.escapeIdentifier(stage.app.database.roles[role])}`);
    await node.query(
      "SELECT set_config('search_path','claviger',true), set_config('claviger.reach',$1,true), set_config('claviger.account',$2,true), set_config('claviger.change_seq','1',true), set_config('claviger.sought',$3,true)",
      [reach, account, ALL_WORDS],
    );
    const result = await node.query(text);
    await node.query("SET CONSTRAINTS ALL IMMEDIATE");
    return result;
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? "") : String(error);
  } finally {
    await node.query("ROLLBACK");
  }
}

const count = async (role: Role | "login", reach: Reach, table: string) => {
  const result = await as(role, reach, `SELECT count(*)::int AS n FROM ${table}`);
  return typeof result === "string" ? result : result.rows[0].n;
};
const DENIED = "42501";
/** To a login that inherits nothing the tables do not even exist; before PostgreSQL 16 it inherits and is denied. */
const HIDDEN = "42P01";
const accountColumn = (table: string) => (table === "account" ? "id" : "account_id");

test("every table with rows of accounts is known here, and forces its policies on its owner too", async () => {
  const { rows } = await owner.query<{ name: string; on: boolean; forced: boolean }>(
    `SELECT c.relname AS name, c.relrowsecurity AS on, c.relforcerowsecurity AS forced FROM pg_class c
     WHERE c.relnamespace = 'claviger'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND (c.relname = 'account' OR EXISTS
       (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'account_id'))
     ORDER BY name`,
  );
  expect(rows.map(({ name }) => name)).toEqual(OWNED);
  for (const row of rows) expect(row).toMatchObject({ on: true, forced: true });
});

test("the roles of a node are ordinary: no superuser, no by-pass, no login of their own, and none owns a table", async () => {
  const names = Object.values(stage.app.database.roles);
  const { rows } = await owner.query(
    "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin AS strong FROM pg_roles WHERE rolname = ANY($1)",
    [names],
  );
  expect(rows).toEqual(names.map(() => ({ strong: false })));
  const owned = await owner.query(
    "SELECT relname FROM pg_class WHERE relnamespace = 'claviger'::regnamespace AND pg_get_userbyid(relowner) = ANY($1)",
    [[...names, stage.app.database.node.user]],
  );
  expect(owned.rows).toEqual([]);
});

describe.each(OWNED)("%s", (table) => {
  test("shows no row to a login without role, to a role without reach, nor for the reach of another role", async () => {
    expect([0, DENIED, HIDDEN]).toContain(await count("login", {}, table));
    for (const role of ["app", "platform", "lookup"] as const) {
      for (const reach of [{}, { reach: "nonsense" }, { account: stage.account.id }]) {
        expect([0, DENIED], `${role} ${JSON.stringify(reach)}`).toContain(await count(role, reach, table));
      }
    }
    expect([0, DENIED]).toContain(await count("app", { reach: "platform" }, table));
    expect([0, DENIED]).toContain(await count("app", { reach: "lookup" }, table));
    expect([0, DENIED]).toContain(await count("app", { reach: "account" }, table));
    expect([0, DENIED]).toContain(await count("lookup", { reach: "platform" }, table));
    expect([0, DENIED]).toContain(await count("platform", { reach: "account", account: stage.account.id }, table));
  });

  test("in the reach of an account it shows that account's rows alone, and in the platform's both", async () => {
    for (const { id } of [stage.account, other]) {
      const result = await as(
        "app",
        { reach: "account", account: id },
        `SELECT DISTINCT ${accountColumn(table)} AS id FROM ${table}`,
      );
      if (typeof result === "string") expect(result).toBe(DENIED);
      else expect(result.rows.filter((row) => row.id !== id)).toEqual([]);
    }
    const seen = await as(
      "platform",
      { reach: "platform" },
      `SELECT DISTINCT ${accountColumn(table)} AS id FROM ${table}`,
    );
    if (typeof seen === "string") throw new TypeError(seen);
    const ids = seen.rows.map((row) => row.id);
    if (table === "idempotency_record") expect(ids).toEqual([null]);
    else expect(ids).toEqual(expect.arrayContaining([stage.account.id, other.id]));
  });

  test("takes no row of another account, and changes none, in the reach of an account", async () => {
    const reach = { reach: "account", account: stage.account.id };
    const moved = await as(
      "app",
      reach,
      `UPDATE ${table} SET ${accountColumn(table)} = '${other.id}' WHERE ${accountColumn(table)} = '${stage.account.id}'`,
    );
    expect(typeof moved === "string" ? moved : moved.rowCount).toBeOneOf([DENIED, 0, "CV002"]);
    const touched = await as(
      "app",
      reach,
      `UPDATE ${table} SET ${accountColumn(table)} = ${accountColumn(table)} WHERE ${accountColumn(table)} = '${other.id}'`,
    );
    expect(typeof touched === "string" ? touched : touched.rowCount).toBeOneOf([DENIED, 0]);
    const gone = await as("app", reach, `DELETE FROM ${table} WHERE ${accountColumn(table)} = '${other.id}'`);
    expect(typeof gone === "string" ? gone : gone.rowCount).toBeOneOf([DENIED, 0]);
  });

  test("is written by the role that looks up in no way", async () => {
    for (const statement of [
      `UPDATE ${table} SET ${accountColumn(table)} = NULL`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table} CASCADE`,
      `INSERT INTO ${table} DEFAULT VALUES`,
    ]) {
      expect(await as("lookup", { reach: "lookup" }, statement), statement).toBe(DENIED);
    }
  });
});

test.each(["metering_period", "key_tally", "bulk_act", "bulk_act_key", "drill", "secret_store"])(
  "%s, which is about all accounts together, is shown to nobody within the reach of an account",
  async (table) => {
    expect(await count("platform", { reach: "platform" }, table)).toBeGreaterThan(0);
    for (const role of ["app", "platform", "lookup"] as const)
      for (const reach of [{}, { reach: "account", account: stage.account.id }, { reach: "lookup" }])
        expect([0, DENIED], role).toContain(await count(role, reach, table));
  },
);

test("of policies an account's reach sees those that may hold for its keys, and no other account's", async () => {
  const { root } = stage;
  const names = {
    own: `own-${uniqueSuffix()}`,
    environment: `env-${uniqueSuffix()}`,
    theirs: `theirs-${uniqueSuffix()}`,
  };
  for (const name of Object.values(names)) succeeded(await root.put(`/v1/policies/${name}`, { rotationDays: 30 }));
  succeeded(await root.put(`/v1/accounts/${stage.account.id}/policy`, { policy: names.own }));
  succeeded(await root.put(`/v1/accounts/${other.id}/policy`, { policy: names.theirs }));
  succeeded(await root.put("/v1/environments/test/policy", { policy: names.environment }));
  const seen = async (role: Role, reach: Reach) => {
    const result = await as(role, reach, "SELECT name FROM policy ORDER BY name");
    return typeof result === "string" ? result : result.rows.map(({ name }) => name);
  };
  const own = { reach: "account", account: stage.account.id };
  expect(await seen("app", own)).toEqual(["default", names.environment, "management", names.own]);
  expect(await seen("platform", { reach: "platform" })).toEqual(expect.arrayContaining(Object.values(names)));
  for (const reach of [{}, { reach: "nonsense" }, { reach: "platform" }, { account: stage.account.id }]) {
    expect(await seen("app", reach), JSON.stringify(reach)).toEqual([]);
    expect(await count("app", reach, "environment_policy")).toBe(0);
  }
  for (const table of ["policy", "environment_policy"]) {
    expect(await as("app", own, `UPDATE ${table} SET updated_at = now()`), table).toBe(DENIED);
    expect(await as("app", own, `DELETE FROM ${table}`), table).toBe(DENIED);
  }
});

test("numbers of keys are added to by acts on keys alone, and by no statement within the reach of an account", async () => {
  const forged =
    "INSERT INTO key_tally (environment, state, expires_on, keys) VALUES ('live', 'active', 'infinity', 1000000)";
  for (const role of ["app", "platform", "lookup"] as const)
    for (const reach of [{}, { reach: "account", account: stage.account.id }, { reach: "lookup" }])
      expect(await as(role, reach, forged), role).toBe(DENIED);
});

describe("partitions of usage", () => {
  const partitions = async (): Promise<string[]> =>
    (
      await owner.query<{ name: string }>(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'claviger'::regnamespace AND relispartition AND relkind = 'r' ORDER BY 1",
      )
    ).rows.map(({ name }) => name);

  test("are read and changed by no role: only by way of their tables, and so of the policies", async () => {
    const names = await partitions();
    expect(names.filter((name) => name.startsWith("usage_event_"))).not.toEqual([]);
    for (const name of names) {
      for (const role of ["app", "platform", "lookup"] as const) {
        for (const statement of [
          `SELECT 1 FROM ${name}`,
          `DELETE FROM ${name}`,
          `TRUNCATE ${name}`,
          `DROP TABLE ${name}`,
        ])
          expect(await as(role, { reach: "platform" }, statement), `${role}: ${statement}`).toBe(DENIED);
      }
    }
  });

  test("of raw events take rows from the platform role, and from no other; those of counts from nobody", async () => {
    for (const name of await partitions()) {
      const insert = `INSERT INTO ${name} SELECT * FROM ${name.replace(/_[0-9]+$/, "")} LIMIT 0`;
      for (const role of ["app", "lookup"] as const)
        expect(await as(role, { reach: "platform" }, insert), name).toBe(DENIED);
      const taken = await as("platform", { reach: "platform" }, insert);
      if (name.startsWith("usage_event_")) expect(taken).toMatchObject({ rowCount: 0 });
      else expect(taken).toBe(DENIED);
    }
  });

  test("are made and dropped by the platform role alone, through functions that do nothing else", async () => {
    for (const call of ["make_usage_partitions(current_date)", "drop_usage_partition('2000-01-01', '2000-01-01')"]) {
      for (const role of ["app", "lookup"] as const)
        expect(await as(role, { reach: "platform" }, `SELECT ${call}`)).toBe(DENIED);
      expect(await as("platform", { reach: "platform" }, `SELECT ${call}`)).toMatchObject({ rowCount: 1 });
    }
    const { rows } = await owner.query(
      "SELECT proname AS name, proconfig AS settings FROM pg_proc WHERE pronamespace = 'claviger'::regnamespace AND prosecdef ORDER BY 1",
    );
    expect(rows.map(({ name }) => name)).toEqual([
      "drop_usage_partition",
      "erase_audit_events",
      "make_usage_partitions",
    ]);
    for (const { settings } of rows) expect(settings).toContain("search_path=claviger, pg_temp");
  });
});

describe("the keyring", () => {
  test.each(["app", "lookup"] as const)("is closed to %s", async (role) => {
    for (const reach of ["account", "platform", "lookup", ""]) {
      expect(await as(role, { reach, account: stage.account.id }, "SELECT * FROM keyring")).toBe(DENIED);
    }
  });

  test("holds nothing that is not wrapped: each row is nonce, tag and 32 bytes, unlike any other", async () => {
    const result = await as("platform", { reach: "platform" }, "SELECT purpose, wrapped FROM keyring");
    if (typeof result === "string") throw new TypeError(result);
    expect(result.rows.map(({ purpose }) => purpose).toSorted()).toEqual(["audit", "pepper", "seal", "tag"]);
    for (const { wrapped } of result.rows) expect(wrapped).toHaveLength(12 + 16 + 32);
  });

  test("loses no row to any role of the node", async () => {
    for (const role of ["app", "platform", "lookup"] as const) {
      expect(await as(role, { reach: "platform" }, "DELETE FROM keyring")).toBe(DENIED);
    }
  });
});

describe("the audit record", () => {
  const edits = [
    "UPDATE audit_event SET payload = '{}'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TABLE audit_event",
  ];
  test.each(edits)("%s is refused to every role of the node", async (statement) => {
    for (const role of ["app", "platform", "lookup", "login"] as const) {
      const refused = await as(role, { reach: "platform" }, statement);
      expect(role === "login" ? [DENIED, HIDDEN] : [DENIED], role).toContain(refused);
    }
  });

  test.each(edits.slice(0, 3))(
    "%s is refused to the owner of the table as well, where it reaches a row",
    async (statement) => {
      await owner.query("BEGIN");
      await owner.query("SET LOCAL search_path = claviger");
      await owner.query("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY");
      await expect(owner.query(statement)).rejects.toMatchObject({ code: "CV002" });
      await owner.query("ROLLBACK");
    },
  );

  test("is erased through one door, by the platform, and nowhere that no account is to be erased", async () => {
    const call = "SELECT erase_audit_events(ARRAY[1::bigint], ARRAY['{}'], ARRAY[sha256('x')])";
    for (const role of ["app", "lookup"] as const) expect(await as(role, { reach: "platform" }, call)).toBe(DENIED);
    expect(await as("platform", { reach: "platform" }, call)).toBe("CV003");
  });

  test("cannot be written for another account", async () => {
    const insert = `INSERT INTO audit_event SELECT seq + 1000000, id || 'x', at, action, '${other.id}', actor_id, target_type, target_id, payload, key_version, hash FROM audit_event LIMIT 1`;
    expect(await as("app", { reach: "account", account: stage.account.id }, insert)).toBe(DENIED);
  });
});

test("what a verdict depends on cannot change without a number in the change log", async () => {
  await node.query("BEGIN");
  await node.query(`SET LOCAL ROLE ${pg.escapeIdentifier(stage.app.database.roles.platform)}`);
  await node.query("SELECT set_config('search_path','claviger',true), set_config('claviger.reach','platform',true)");
  const updated = await node.query("UPDATE api_key SET label = 'quietly' WHERE account_id = $1", [other.id]);
  expect(updated.rowCount).toBeGreaterThan(0);
  await expect(node.query("COMMIT")).rejects.toMatchObject({ code: "CV001" });
});

test("nobody else may connect with what a node is given: PUBLIC has no rights in the schema", async () => {
  const { rows } = await owner.query(
    `SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'claviger'::regnamespace AND a.grantee = 0
     UNION ALL SELECT 'schema' FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'claviger' AND a.grantee = 0`,
  );
  expect(rows).toEqual([]);
});
