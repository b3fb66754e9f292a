/** Every operation of the contract with every kind of credential (design: security, 8). A new operation joins by itself. */
import { createHash } from "node:crypto";
import { MANAGEMENT_SCOPES, OPERATIONS, type Operation } from "@claviger/contract";
import { makeKey } from "@claviger/core";
import {
  type Answer,
  type Api,
  issueKey,
  issueManagementKey,
  makeAccount,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, type Key, type OwnKey, openStage, type Page, type Problem, type Stage } from "../support/client.ts";
import { isProblem } from "../support/conforms.ts";
import { RECOVERABLE } from "../support/key-keepers.ts";
import {
  approvalFor,
  beginRotation,
  beginSplit,
  type Existing,
  emptyBulkAct,
  holdDrill,
  makeHandOver,
  makeLink,
  ofOpenSplit,
  type Sample,
  sampleOf,
} from "../support/samples.ts";

/** What anybody may read. Whoever makes another operation public says so here. */
const PUBLIC = [
  "links.open",
  "system.key-format",
  "system.health",
  "system.readiness",
  "system.metrics",
  "system.openapi",
];
const GARBAGE = "not-a-key-at-all";

let stage: Stage;
let existing: Existing;
let credentials: Credentials;

interface Credentials {
  readonly customer: string;
  readonly revokedCustomer: string;
  readonly forged: string;
  readonly revokedManagement: string;
  readonly expiredManagement: string;
  readonly verifiesTest: string;
  /** A management key for each scope, which holds no other. */
  readonly holding: Readonly<Record<string, string>>;
}

beforeAll(async () => {
  stage = await openStage(RECOVERABLE);
  succeeded(await stage.root.put("/v1/plans/basic", { limits: [] }));
  credentials = await makeCredentials();
});
afterAll(() => stage.app.stop());

async function makeCredentials(): Promise<Credentials> {
  const { root, account, app } = stage;
  const holding: Record<string, string> = {};
  let scimKey = "";
  for (const scope of Object.keys(MANAGEMENT_SCOPES)) {
    const { id, secret } = await issueManagementKey(root, [scope]);
    if (scope === "claviger:scim:write") scimKey = id;
    holding[scope] = secret;
  }
  const customer = await issueKey(root, account.id, { tier: "admin", rationale: "the strongest there is" });
  const bulkAct = await emptyBulkAct(root);
  const link = await makeLink(root, account.id);
  const handOver = await makeHandOver(root, account.id);
  succeeded(await root.put(`/v1/keys/${customer.id}/schedule`, { everyDays: 3650, deliverTo: { offer: true } }));
  const drill = await holdDrill(root);
  existing = { account, key: customer.id, secret: customer.secret, bulkAct, drill, scimKey, link, handOver };
  existing = { ...existing, closable: (await makeAccount(root)).id };
  const revokedCustomer = await issueKey(root, account.id, { tier: "admin", rationale: "the strongest there is" });
  const revoked = await issueManagementKey(root, ["claviger:*"]);
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const expired = await issueManagementKey(root, ["claviger:*"], { expiresAt });
  for (const { id } of [revokedCustomer, revoked]) {
    succeeded(await root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
  }
  await waitFor(async () => (await client(app.url, expired.secret).get("/v1/keys")).status === 401);
  const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest();
  return {
    customer: customer.secret,
    revokedCustomer: revokedCustomer.secret,
    forged: makeKey({ prefix: "clv", tag: "mgmt", tagKey: Buffer.alloc(32, 7), randomBytes: fixedBytes, sha256 }),
    revokedManagement: revoked.secret,
    expiredManagement: expired.secret,
    verifiesTest: (await issueManagementKey(root, ["verify"], { environment: "test" })).secret,
    holding,
  };
}

const fixedBytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, index) => index);

/** Presents the credential where this operation looks for one. */
async function ask(operation: Operation, credential: string | null, sample: Sample = sampleOf(operation, existing)) {
  const proxy = operation.id.startsWith("verification.authorize");
  const caller: Api = client(stage.app.url, proxy ? null : credential);
  const headers = {
    ...sample.headers,
    ...(proxy && credential !== null ? { "claviger-credential": credential } : {}),
  };
  return caller.call(operation.method, sample.path, {
    headers,
    ...(sample.body === undefined ? {} : { body: sample.body }),
  });
}

function isRefused(answer: Answer, status: number, code: string): void {
  isProblem(answer);
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="claviger"/);
  expect(Object.keys(answer.body as object).toSorted()).toEqual(
    [
      "code",
      "detail",
      "requestId",
      "status",
      "title",
      "type",
      ...(code === "INSUFFICIENT_SCOPE" ? ["scope"] : []),
    ].toSorted(),
  );
  for (const secret of [existing.key, existing.account.id, existing.account.externalId]) {
    expect(answer.text).not.toContain(secret);
  }
}

const guarded = OPERATIONS.filter(({ access }) => access.kind !== "public");
const managed = OPERATIONS.filter(({ access }) => access.kind === "management");
const named = (operations: readonly Operation[]) => operations.map((operation) => [operation.id, operation] as const);
const scopeOf = ({ access }: Operation): string => (access.kind === "management" ? access.scope : "");

test("what is public is on an explicit list", () => {
  expect(OPERATIONS.filter(({ access }) => access.kind === "public").map(({ id }) => id)).toEqual(PUBLIC);
});

describe("without a right credential", () => {
  test.each(named(guarded))("%s answers 401 to no credential, and says which kind it wants", async (_, operation) => {
    const answer = await ask(operation, null);
    isRefused(answer, 401, "UNAUTHENTICATED");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="claviger"');
  });

  test.each(named(guarded))("%s answers the same 401 to garbage and to a forged key", async (_, operation) => {
    const bodies: unknown[] = [];
    for (const credential of [GARBAGE, credentials.forged, `${GARBAGE.repeat(60)}`, "\u00e9\u00e8", "a b"]) {
      const answer = await ask(operation, credential);
      isRefused(answer, 401, "INVALID_TOKEN");
      expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
      bodies.push({ ...(answer.body as object), requestId: "" });
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  test.each(named(guarded))("%s answers 401 to a malformed header", async (_, operation) => {
    const sample = sampleOf(operation, existing);
    const proxy = operation.id.startsWith("verification.authorize");
    const name = proxy ? "claviger-credential" : "authorization";
    for (const value of proxy ? ["", " "] : ["Bearer", "Bearer ", "Basic Zm9vOmJhcg==", "bearer:x", ","]) {
      const headers = { ...sample.headers, [name]: value };
      const answer = await client(stage.app.url, null).call(operation.method, sample.path, { headers });
      isRefused(answer, 401, "UNAUTHENTICATED");
    }
  });
});

describe("a management operation is closed to", () => {
  test.each(named(managed))("%s: a customer's key, however strong, alive or dead", async (_, operation) => {
    for (const credential of [credentials.customer, credentials.revokedCustomer]) {
      isRefused(await ask(operation, credential), 401, "INVALID_TOKEN");
    }
  });

  test.each(named(managed))("%s: a management key that is revoked or expired", async (_, operation) => {
    isRefused(await ask(operation, credentials.revokedManagement), 401, "REVOKED");
    isRefused(await ask(operation, credentials.expiredManagement), 401, "EXPIRED");
  });

  test.each(named(managed))("%s: a management key that holds every other scope", async (_, operation) => {
    const others = Object.keys(credentials.holding).filter((scope) => scope !== scopeOf(operation));
    for (const scope of others) {
      const answer = await ask(operation, credentials.holding[scope] ?? "");
      isRefused(answer, 403, "INSUFFICIENT_SCOPE");
      expect(answer.headers.get("www-authenticate")).toContain(
        `error="insufficient_scope", scope="${scopeOf(operation)}"`,
      );
    }
  });
});

test.each(named(managed))("%s is open to a management key that holds its scope and no other", async (_, operation) => {
  if (operation.id.startsWith("rotation.")) await useNewVersion();
  if (operation.id.startsWith("split")) await replaceExisting();
  if (ofOpenSplit(operation.id)) await beginSplit(stage.root, existing.key);
  if (operation.id.startsWith("approvals.")) {
    await approvesAs(credentials.holding[scopeOf(operation)] ?? "", operation);
    return;
  }
  const answer = await ask(operation, credentials.holding[scopeOf(operation)] ?? "");
  expect(answer.text).toSatisfy(() => answer.status >= 200 && answer.status < 300, answer.text);
  const undo = { "accounts.suspend": "accounts", "keys.suspend": "keys" }[operation.id];
  if (undo !== undefined)
    await stage.root.post(`/v1/${undo}/${undo === "keys" ? existing.key : existing.account.id}/resume`);
  if (/^keys\.(revoke|rotate)$|^rotation\.(finish|cancel)$/.test(operation.id)) await replaceExisting();
});

/** What was asked for may be cancelled and claimed by who asked alone, and decided by everybody else. */
async function approvesAs(credential: string, operation: Operation): Promise<void> {
  const asker = /cancel|claim/.test(operation.id) ? client(stage.app.url, credential) : stage.root;
  const approval = await approvalFor(stage.root, operation.id, asker);
  const answer = await ask(operation, credential, sampleOf(operation, { ...existing, approval }));
  expect(answer.text).toSatisfy(() => answer.status >= 200 && answer.status < 300, answer.text);
}

/** An open rotation whose new version is in use: then all that can be done to one takes the scope of rotations alone. */
async function useNewVersion(): Promise<void> {
  const path = `/v1/keys/${existing.key}`;
  const secret = await beginRotation(stage.root, existing.key);
  succeeded(await stage.root.post("/v1/verify", { key: secret, environment: "live" }));
  await waitFor(async () => (await stage.root.get<Key>(path)).body.versions.at(-1)?.lastUsedAt !== null);
}

async function replaceExisting(): Promise<void> {
  const fresh = await issueKey(stage.root, stage.account.id, { tier: "admin", rationale: "the strongest there is" });
  existing = { ...existing, key: fresh.id, secret: fresh.secret };
  credentials = { ...credentials, customer: fresh.secret };
}

describe("a verify credential", () => {
  const verifying = managed.filter((operation) => scopeOf(operation) === "verify");

  test.each(named(verifying))("%s: bound to an environment it is no good for another", async (_, operation) => {
    isRefused(await ask(operation, credentials.verifiesTest), 403, "FORBIDDEN");
  });

  test.each(named(verifying))("%s: what it is bound to counts where nothing is asked", async (_, operation) => {
    const sample = sampleOf(operation, existing);
    const body = JSON.parse(JSON.stringify(sample.body ?? null).replaceAll('"environment":"live"', '"cost":1'));
    const path = sample.path.replace("?environment=live", "");
    const answer = await ask(operation, credentials.verifiesTest, {
      ...sample,
      path,
      ...(body === null ? {} : { body }),
    });
    expect(answer.text + answer.status).toMatch(/WRONG_ENVIRONMENT/);
  });

  test("a management key is no caller's key: presented for verification it is unknown in every environment", async () => {
    for (const environment of ["live", "test", "dev"]) {
      const body = { key: stage.app.managementKey, environment };
      const { body: verdict } = await stage.root.post<{ valid: boolean }>("/v1/verify", body);
      expect(verdict).toMatchObject({ valid: false });
      expect(verdict).not.toHaveProperty("scopes");
    }
  });
});

describe("the holder of a key", () => {
  test("sees itself and nothing that its account keeps for itself", async () => {
    const { id, secret } = await issueKey(stage.root, stage.account.id, {
      metadata: { note: "for us only" },
      purpose: "ours",
    });
    const answer = await client(stage.app.url, secret).get<OwnKey>("/v1/keys/self");
    expect(answer.body.id).toBe(id);
    expect(answer.text).not.toMatch(/for us only|purpose|createdBy|owner/);
  });

  test("ends itself and nobody else, whatever it names", async () => {
    const [mine, other] = [await issueKey(stage.root, stage.account.id), await issueKey(stage.root, stage.account.id)];
    const holder = client(stage.app.url, mine.secret);
    expect((await holder.post(`/v1/keys/${other.id}/revoke`, { reason: "abuse" })).status).toBe(401);
    expect((await holder.post("/v1/keys/self/revoke", { id: other.id })).status).toBe(400);
    const ended = succeeded(await holder.post<{ key: OwnKey }>("/v1/keys/self/revoke"));
    expect(ended.body.key).toMatchObject({ id: mine.id, status: "revoked" });
    expect((await stage.root.get<Key>(`/v1/keys/${other.id}`)).body.status).toBe("active");
    expect((await stage.root.get<Key>(`/v1/keys/${mine.id}`)).body).toMatchObject({
      status: "revoked",
      statusReason: "leaked",
    });
  });

  test("who holds no genuine key learns nothing from what holders may do", async () => {
    for (const secret of [GARBAGE, credentials.forged]) {
      isRefused(await client(stage.app.url, secret).get("/v1/keys/self"), 401, "INVALID_TOKEN");
      isRefused(await client(stage.app.url, secret).post("/v1/keys/self/revoke"), 401, "INVALID_TOKEN");
    }
  });
});

describe("management keys are unknown to who may not manage them", () => {
  const scopes = [
    ...["claviger:keys:read", "claviger:keys:write", "claviger:keys:revoke", "claviger:accounts:*"],
    ...["claviger:usage:read", "claviger:keys:reveal"],
  ];

  test("every operation on one answers what it answers for an id that does not exist", async () => {
    const clerk = client(stage.app.url, (await issueManagementKey(stage.root, scopes)).secret);
    const { id } = (await stage.root.get<OwnKey>("/v1/keys/self")).body;
    const unknown = "key_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const onKeys = managed.filter(({ path }) => path.startsWith("/v1/keys/{id}"));
    expect(onKeys.length).toBeGreaterThanOrEqual(5);
    for (const operation of onKeys) {
      const bodies = [];
      for (const key of [id, unknown]) {
        const { path, body } = sampleOf(operation, { ...existing, key });
        const answer = await clerk.call<Problem>(operation.method, path, body === undefined ? {} : { body });
        expect(answer.body).toMatchObject({ status: 404, code: "NOT_FOUND" });
        bodies.push({ ...answer.body, requestId: "" });
      }
      expect(bodies[0], operation.id).toEqual(bodies[1]);
    }
    expect((await stage.root.get<Key>(`/v1/keys/${id}`)).body.status).toBe("active");
  });

  test("they are in no list of theirs, and the reserved account is none to them", async () => {
    const clerk = client(stage.app.url, (await issueManagementKey(stage.root, scopes)).secret);
    const { id, account } = (await stage.root.get<OwnKey>("/v1/keys/self")).body;
    for (const path of ["/v1/keys?limit=200", `/v1/keys?q=${id}`, `/v1/keys?q=management`]) {
      const { data } = (await clerk.get<Page<Key>>(path)).body;
      expect(data.map((key) => key.account)).not.toContain(account);
    }
    for (const reference of ["platform", "ext:platform", account]) {
      expect((await clerk.get(`/v1/keys?account=${reference}`)).status).toBe(403);
      for (const part of ["", "/members", "/services"]) {
        expect((await clerk.get(`/v1/accounts/${reference}${part}`)).status).toBe(404);
      }
      const created = await clerk.post("/v1/keys", {
        account: reference,
        label: "mine",
        scopes: ["claviger:keys:read"],
      });
      expect(created.status).toBe(403);
    }
    const listed = (await clerk.get<Page<{ id: string }>>("/v1/accounts?limit=200")).body.data;
    expect(listed.map((each) => each.id)).not.toContain(account);
  });
});

describe("what belongs to another account", () => {
  test("answers as what does not exist: the bodies differ in nothing but the request id", async () => {
    const other = await makeAccount(stage.root);
    const { root, account } = stage;
    const pairs = [
      [
        `/v1/accounts/${account.id}/members/${other.members.owner}`,
        `/v1/accounts/${account.id}/members/mem_01ARZ3NDEKTSV4RRFFQ69G5FAV`,
      ],
      [
        `/v1/accounts/${account.id}/services/${other.service}`,
        `/v1/accounts/${account.id}/services/svc_01ARZ3NDEKTSV4RRFFQ69G5FAV`,
      ],
    ];
    for (const paths of pairs) {
      const bodies = [];
      for (const path of paths) bodies.push({ ...(await root.get<Problem>(path)).body, requestId: "" });
      expect(bodies[0]).toMatchObject({ status: 404 });
      expect(bodies[0]).toEqual(bodies[1]);
    }
  });

  test("cannot be named as owner, service or creator of a key", async () => {
    const other = await makeAccount(stage.root);
    const base = { account: stage.account.id, environment: "live", label: "a key", scopes: ["contacts:read"] };
    for (const [field, foreign, unknown] of [
      ["owner", other.members.owner, "mem_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
      ["service", other.service, "svc_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
      ["createdBy", other.members.owner, "mem_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ] as const) {
      const bodies = [];
      for (const id of [foreign, unknown]) {
        const answer = await stage.root.post<Problem>("/v1/keys", { ...base, [field]: id });
        expect(answer.body).toMatchObject({ status: 400, errors: [{ path: field }] });
        bodies.push({ ...answer.body, requestId: "" });
      }
      expect(bodies[0]).toEqual(bodies[1]);
    }
  });
});
