import { request as httpRequest } from "node:http";
import type { ClavigerNode } from "@claviger/server";
import { type Api, api, issueKey, type MadeKey, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Effective } from "../support/client.ts";
import { countedUses, recordedUses } from "../support/recorded-uses.ts";
import { BASE_PATH, libraryStage, type Served, type Stage } from "./stage.ts";

/**
 * Serves the API of this node below BASE_PATH, and `GET /contacts` behind the framework's middleware over the same node, which
 * answers `{ account }` of the key.
 */
export type Serve = (claviger: ClavigerNode) => Promise<Served>;

/** What holds of Claviger inside any framework. `connected`: whether it tells the connection of a request, and so its request line. */
export function livesIn(framework: string, serve: Serve, connected = true): void {
  describe(`Claviger inside a program of ${framework}`, () => {
    const stage = libraryStage();
    let program: Program;
    beforeAll(async () => {
      const claviger = await stage.embed();
      program = new Program(stage, claviger, await serve(claviger));
    });
    afterAll(() => program.served.stop());

    test("keys are managed below its path, and verified by the middleware from this process's memory", async () => {
      const { here, claviger } = program;
      const { id, secret } = await program.issue();
      expect(await program.contacts(secret)).toMatchObject({ status: 200, account: stage.account.id });
      expect(claviger.verify(secret, { method: "GET", path: "/contacts" })).toMatchObject({ valid: true, keyId: id });
      expect(await program.contacts("guess")).toMatchObject({ status: 401, code: "INVALID_TOKEN" });
      expect((await here.get<{ id: string }>(`${BASE_PATH}/v1/keys/${id}`)).body.id).toBe(id);
      expect((await here.as(null).get(`${BASE_PATH}/v1/keys`)).status).toBe(401);
      expect((await here.get(`${BASE_PATH}/v1/moon`)).status).toBe(404);
      const question = { key: secret, environment: "live" };
      expect((await here.post(`${BASE_PATH}/v1/verify`, question)).body).toMatchObject({ valid: true, code: "VALID" });
    });

    test("a revocation over another node is in force here from the moment it has returned, whatever is under way", async () => {
      const { claviger } = program;
      const { id, secret } = await program.issue();
      expect(await program.contacts(secret)).toMatchObject({ status: 200 });
      const seen = program.hammer(secret);
      const effective = await revoke(stage.onOther, `/v1/keys/${id}/revoke`);
      const returnedAt = performance.now();
      expect(effective).toMatchObject({ everywhere: true, nodes: 2, lapsed: [] });
      expect(await claviger.verify(secret)).toMatchObject({ valid: false, code: "REVOKED" });
      expect(claviger.verify(secret), "from memory").toMatchObject({ valid: false, code: "REVOKED" });
      const accepted = (await seen).filter(({ status }) => status === 200);
      expect(accepted.length).toBeGreaterThan(0);
      expect(accepted.filter(({ began }) => began > returnedAt)).toEqual([]);
      expect(await program.contacts(secret)).toMatchObject({ status: 401, code: "REVOKED" });
    });

    const dots = connected
      ? "is judged as it stood in the request line"
      : "has lost its dots already, so Envoy must not ask here";
    test(`the path that Envoy asks about ${dots}`, async () => {
      for (const path of ["/contacts", "/../../healthz", "/../authorize/../../readyz", "/..%2f..%2fhealthz"]) {
        const status = await program.statusOf(`${BASE_PATH}/v1/authorize${path}`);
        expect(status, path).toBe(!connected && path.includes("/../") ? 200 : 401);
      }
    });

    test("uses are recorded with what they were answered with (C7)", () => recordsUses(stage, program));

    test("a revocation here is in force on the other node", async () => {
      const { id, secret } = await program.issue();
      const question = { key: secret, environment: "live" };
      expect((await stage.onOther.post("/v1/verify", question)).body).toMatchObject({ code: "VALID" });
      const effective = await revoke(program.here, `${BASE_PATH}/v1/keys/${id}/revoke`);
      expect(effective).toMatchObject({ everywhere: true, nodes: 2 });
      expect((await stage.onOther.post("/v1/verify", question)).body).toMatchObject({ code: "REVOKED" });
    });
  });
}

async function recordsUses(stage: Stage, program: Program): Promise<void> {
  const { id, secret } = await program.issue();
  expect(await program.contacts(secret)).toMatchObject({ status: 200 });
  expect(await recordedUses(stage.database, id, 1)).toMatchObject([
    { key: id, account: stage.account.id, code: "VALID", method: "GET", route: "/contacts", mapped: true },
  ]);
  const counted = { requests: 1, "2xx": 1, durations: 1 };
  await waitFor(async () => (await countedUses(stage.database, id))["2xx"] === 1, { what: "the status" });
  expect(await countedUses(stage.database, id)).toMatchObject(counted);
}

async function revoke(via: Api, path: string): Promise<Effective> {
  return succeeded(await via.post<{ effective: Effective }>(path, { reason: "leaked" })).body.effective;
}

/** The program as those see it who call it. */
class Program {
  readonly claviger: ClavigerNode;
  readonly served: Served;
  /** Its own address, as the first management key. */
  readonly here: Api;
  readonly #stage: Stage;

  constructor(stage: Stage, claviger: ClavigerNode, served: Served) {
    this.#stage = stage;
    this.claviger = claviger;
    this.served = served;
    this.here = api(served.url, stage.other.managementKey);
  }

  async contacts(secret: string): Promise<{ status: number; code: unknown; account: unknown }> {
    const answer = await fetch(`${this.served.url}/contacts`, { headers: { authorization: `Bearer ${secret}` } });
    const { code, account } = (await answer.json()) as { code?: string; account?: string };
    return { status: answer.status, code, account };
  }

  /** Asks for a path as it stands, `..` and all, without a credential. */
  statusOf(path: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.served.url);
      const asked = httpRequest({ hostname, port, path }, (answer) => resolve(answer.resume().statusCode));
      asked.on("error", reject).end();
    });
  }

  /** Below the mounted path, so that body and answer go through the framework. */
  issue(): Promise<MadeKey> {
    const { here } = this;
    const below: Api = { ...here, post: (path, body, headers) => here.post(`${BASE_PATH}${path}`, body, headers) };
    return issueKey(below, this.#stage.account.id);
  }

  /** Four callers at once, each until the key was refused 50 times in all. Times are those of performance.now(). */
  async hammer(secret: string): Promise<{ began: number; status: number }[]> {
    const seen: { began: number; status: number }[] = [];
    let refused = 0;
    const caller = async (): Promise<void> => {
      while (refused < 50) {
        const began = performance.now();
        const { status } = await this.contacts(secret);
        seen.push({ began, status });
        if (status !== 200) refused += 1;
      }
    };
    await Promise.all(Array.from({ length: 4 }, caller));
    return seen;
  }
}
