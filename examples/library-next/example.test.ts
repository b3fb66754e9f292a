/**
 * The route handlers of this application, called with real requests as Next.js calls them. That Next.js builds and runs them is
 * shown by example.full.test.ts, because installing and building it takes minutes.
 */
import type { Server } from "node:http";
import { externalSettings, startService, testDatabase } from "@claviger/testkit";
import { type ServerType, serve } from "@hono/node-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { servedBy } from "../../tests/library/stage.ts";
import { besideService, type LibraryExample, managesAndVerifies } from "../../tests/support/library-example.ts";

type Handlers = Readonly<Record<string, (request: Request, context: object) => Promise<Response>>>;

let example: LibraryExample;
beforeAll(async () => {
  const database = await testDatabase();
  const other = await startService({ database });
  Object.assign(process.env, externalSettings(database));
  const mounted = (await import("./app/claviger/[...path]/route.js" as string)) as Handlers;
  const contacts = (await import("./app/contacts/route.js" as string)) as Handlers;
  const fetch = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url);
    const handlers = pathname.startsWith("/claviger/") ? mounted : pathname === "/contacts" ? contacts : {};
    return handlers[request.method]?.(request, { params: Promise.resolve({}) }) ?? new Response(null, { status: 404 });
  };
  const served = await servedBy(serve({ fetch, hostname: "127.0.0.1", port: 0 }) as ServerType & Server);
  const { claviger } = (await import("./claviger.js" as string)) as { claviger(): Promise<{ close(): Promise<void> }> };
  const end = async (): Promise<number> => {
    await (await claviger()).close();
    served.stop();
    return 0;
  };
  example = besideService({ url: served.url, output: () => "", end, stop: () => void end() }, other, database);
}, 60_000);
afterAll(() => example?.stop());

test("route handlers manage keys and verify them, and refuse what another node took away", async () => {
  await managesAndVerifies(example);
});

test("every method of the API is handed on", async () => {
  const mounted = (await import("./app/claviger/[...path]/route.js" as string)) as Handlers;
  expect(Object.keys(mounted).sort()).toEqual(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
});
