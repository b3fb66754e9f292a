import type { ClavigerNode } from "@claviger/server";
import { type Api, api, issueKey, type MadeKey, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Effective } from "../support/client.ts";
import { BASE_PATH, libraryStage, type Served } from "./stage.ts";

/**
 * Serves the API of this node below BASE_PATH, and `GET /contacts` behind the framework's middleware over the same node, which
 * answers `{ account }` of the key.
 */
export type Serve = (claviger: ClavigerNode) => Promise<Served>;

/** What holds of Claviger inside any framework. */
export function livesIn(framework: string, serve: Serve): void {
  describe(`Claviger inside a program of ${framework}`, () => {
    const stage = libraryStage();
    let claviger: ClavigerNode;
    let served: Served;
    let here: Api;
    beforeAll(async () => {
      claviger = await stage.embed();
      served = await serve(claviger);
      here = api(served.url, stage.other.managementKey);
    });
    afterAll(() => served.stop());

    const contacts = async (secret: string): Promise<{ status: number; code: unknown; account: unknown }> => {
      const answer = await fetch(`${served.url}/contacts`, { headers: { authorization: `Bearer ${secret}` } });
      const { code, account } = (await answer.json()) as { code?: string; account?: string };
      return { status: answer.status, code, account };
    };
    const revoke = async (via: Api, path: string): Promise<Effective> =>
      succeeded(await via.post<{ effective: Effective }>(path, { reason: "leaked" })).body.effective;
    const issued = (): Promise<MadeKey> =>
      // The handler behind the mounted path, so that the body and the answer go through the framework.
      issueKey(
        { ...here, post: (path, body, headers) => here.post(`${BASE_PATH}${path}`, body, headers) },
        stage.account.id,
      );

    test("keys are managed below its path, and verified by the middleware from this process's memory", async () => {
      const { id, secret } = await issued();
      expect(await contacts(secret)).toMatchObject({ status: 200, account: stage.account.id });
      expect(claviger.verify(secret, { method: "GET", path: "/contacts" })).toMatchObject({ valid: true, keyId: id });
      expect(await contacts("guess")).toMatchObject({ status: 401, code: "INVALID_TOKEN" });
      expect((await here.get<{ id: string }>(`${BASE_PATH}/v1/keys/${id}`)).body.id).toBe(id);
      expect((await here.as(null).get(`${BASE_PATH}/v1/keys`)).status).toBe(401);
      expect((await here.get(`${BASE_PATH}/v1/moon`)).status).toBe(404);
      expect((await here.post(`${BASE_PATH}/v1/verify`, { key: secret, environment: "live" })).body).toMatchObject({
        ...{ valid: true, code: "VALID" },
      });
    });

    test("a revocation over another node is in force here from the moment it has returned, whatever is under way", async () => {
      const { id, secret } = await issued();
      expect(await contacts(secret)).toMatchObject({ status: 200 });
      let returnedAt = Number.POSITIVE_INFINITY;
      const late: number[] = [];
      let [accepted, refused] = [0, 0];
      const worker = async (): Promise<void> => {
        while (refused < 50) {
          const began = performance.now();
          const { status } = await contacts(secret);
          if (status === 200) accepted += 1;
          else refused += 1;
          if (status === 200 && began > returnedAt) late.push(began);
        }
      };
      const workers = Array.from({ length: 4 }, worker);
      const effective = await revoke(stage.onOther, `/v1/keys/${id}/revoke`);
      returnedAt = performance.now();
      expect(effective).toMatchObject({ everywhere: true, nodes: 2, lapsed: [] });
      expect(await claviger.verify(secret)).toMatchObject({ valid: false, code: "REVOKED" });
      expect(claviger.verify(secret), "from memory").toMatchObject({ valid: false, code: "REVOKED" });
      await Promise.all(workers);
      expect(late).toEqual([]);
      expect(accepted).toBeGreaterThan(0);
      expect(await contacts(secret)).toMatchObject({ status: 401, code: "REVOKED" });
    });

    test("a revocation here is in force on the other node", async () => {
      const { id, secret } = await issued();
      const question = { key: secret, environment: "live" };
      expect((await stage.onOther.post("/v1/verify", question)).body).toMatchObject({ code: "VALID" });
      const effective = await revoke(here, `${BASE_PATH}/v1/keys/${id}/revoke`);
      expect(effective).toMatchObject({ everywhere: true, nodes: 2 });
      expect((await stage.onOther.post("/v1/verify", question)).body).toMatchObject({ code: "REVOKED" });
    });
  });
}
