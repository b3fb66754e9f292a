/** Whatever takes something away from a key is in force on every node before it is answered, and says so: every operation (C4). */
import { OPERATIONS } from "@claviger/contract";
import { PLATFORM } from "@claviger/server";
import { type Api, api } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage } from "../support/client.ts";
import { RECOVERABLE } from "../support/key-keepers.ts";
import { examine, type SlowNode, slowNode } from "../support/narrowing.ts";
import { WAYS as OTHERS, type Way } from "../support/narrowing-ways.ts";
import { SPLIT_WAYS } from "../support/split-ways.ts";
import { STORE_WAYS } from "../support/store-ways.ts";

let stage: Stage;
let slow: SlowNode;
beforeAll(async () => {
  stage = await openStage({ ...RECOVERABLE, CLAVIGER_LEASE_MS: "60000" });
  slow = await slowNode(stage.app);
});
afterAll(async () => {
  await slow.remove();
  await stage.app.stop();
});

const writing = OPERATIONS.filter(({ audit, narrows }) => audit.length > 0 || narrows);
const WAYS = [...OTHERS, ...STORE_WAYS, ...SPLIT_WAYS];
const waysOf = (id: string): readonly Way[] => WAYS.filter(({ operation }) => operation === id);

describe("nothing is left out", () => {
  test("every operation that writes is tried, and every field of its body", () => {
    const missing = writing.flatMap(({ id, body }) => {
      const tried = new Set(waysOf(id).flatMap(({ fields }) => fields));
      const shape = body !== undefined && "shape" in body ? (body.shape as Record<string, unknown>) : {};
      const fields = tried.has("*") ? [] : Object.keys(shape).filter((field) => !tried.has(field));
      const untried = waysOf(id).length === 0 ? [`${id}: say in tests/support/narrowing-ways.ts how it is used`] : [];
      return [...untried, ...fields.map((field) => `${id}: say there what ${field} may take away`)];
    });
    expect(missing).toEqual([]);
  });

  test("every operation that the contract says may take something away is seen doing it, or is known to spare keys", () => {
    const spared = writing
      .filter(({ id, narrows }) => narrows && !waysOf(id).some(({ takes }) => takes))
      .map(({ id }) => id);
    // An act on many keys is over when it is asked after here; that what it takes is in force is shown where it is made.
    expect(spared.toSorted()).toEqual(["bulk-acts.finish"]);
  });

  test("what only reads changes nothing, so nothing can be taken away by it", () => {
    const reads = OPERATIONS.filter(({ audit }) => audit.length === 0);
    expect(reads.filter(({ narrows }) => narrows)).toEqual([]);
    const posts = reads.filter(({ method }) => method !== "GET").map(({ id }) => id);
    // What would be, if a policy were changed so: too much to ask in a query.
    expect(posts.filter((id) => !id.startsWith("verification."))).toEqual(["policies.preview"]);
  });
});

test.each(WAYS.map((way) => [`${way.operation}, ${way.name}`, way] as const))("%s", async (_, way) => {
  expect(await examine(stage.app, stage.root, slow, way)).toEqual([]);
});

describe("an operation that breaks the promise is found:", () => {
  const lessScopes = WAYS.find(({ operation, fields }) => operation === "keys.update" && fields[0] === "scopes");
  if (lessScopes === undefined) throw new TypeError("keys.update is tried with fewer scopes");

  /** The service with one operation replaced: `answer` is given the key's id for every PATCH of a key. */
  const broken = (answer: (id: string, request: Request) => Promise<Response>): Api =>
    api(async (request, env) => {
      const id = /\/v1\/keys\/(key_\w+)$/.exec(request.url)?.[1];
      return id !== undefined && request.method === "PATCH" ? answer(id, request) : stage.app.fetch(request, env);
    }, stage.app.managementKey);

  /** Takes the scope away as an operation would that writes its rows and its change, and goes round the unit of work. */
  const takeQuietly = (id: string) =>
    stage.app.database.database.transaction(PLATFORM, async (tx) => {
      await sql`UPDATE api_key SET scopes = scopes[1:1] WHERE id = ${id}`.execute(tx);
      await sql`WITH head AS (UPDATE change_head SET seq = seq + 1 RETURNING seq)
        INSERT INTO change_log (seq, kind, subjects, at) SELECT seq, 'widen', ARRAY[${`key:${id}`}], now() FROM head`.execute(
        tx,
      );
      await sql`SELECT set_config('claviger.change_seq', 'taken', true)`.execute(tx);
    });
  const made = { everywhere: true, seq: 1, waitedMs: 0, nodes: 2, verifiers: 0, lapsed: [] };

  test.each([
    ["it says that it only gave", { key: {}, effective: null }, ["before every node", "does not say"]],
    ["it makes up what it says", { key: {}, effective: made }, ["before every node", "did not wait"]],
    ["it answers the bare thing", {}, ["before every node", "does not say", "does not answer effective"]],
  ])("%s", async (_, body, findings) => {
    const root = broken(async (id) => {
      await takeQuietly(id);
      return Response.json(body);
    });
    const found = await examine(stage.app, root, slow, lessScopes);
    expect(found).toEqual(findings.map((finding) => expect.stringContaining(finding)));
    expect(found.join()).toContain("INSUFFICIENT_SCOPE");
  });

  test("it waits, and keeps to itself that it did", async () => {
    const root = broken(async (_, request) => {
      const { effective, ...rest } = (await (await stage.app.fetch(request)).json()) as Record<string, unknown>;
      expect(effective).not.toBeNull();
      return Response.json(rest);
    });
    expect(await examine(stage.app, root, slow, lessScopes)).toEqual([
      expect.stringContaining("does not say that it is in force"),
      expect.stringContaining("does not answer effective"),
    ]);
  });

  test("the contract says that it takes nothing", async () => {
    const root = api(async (request, env) => {
      const answer = await stage.app.fetch(request, env);
      if (request.method === "PUT" && request.url.includes("/services/")) await takeQuietly(newest.id);
      return answer;
    }, stage.app.managementKey);
    const newest = { id: "" };
    const harmless = WAYS.find(({ operation }) => operation === "services.put");
    if (harmless === undefined) throw new TypeError("services.put is tried");
    const way: Way = {
      ...harmless,
      call: (world) => {
        newest.id = world.named.id;
        return harmless.call(world);
      },
    };
    expect(await examine(stage.app, root, slow, way)).toEqual([
      expect.stringContaining("which the contract denies"),
      expect.stringContaining("before every node"),
      expect.stringContaining("does not say"),
    ]);
  });
});
