import type { AddressInfo } from "node:net";
import { fetchKeys } from "@claviger/sdk/fetch";
import { serve } from "@hono/node-server";
import { keepsTheGate } from "./suite.ts";

keepsTheGate("a fetch handler", false, async (verifier, options) => {
  const withKeys = fetchKeys(verifier, options);
  const handler = withKeys((request, key) => {
    const found = new URL(request.url).pathname === "/contacts";
    return Response.json(
      { account: key?.account ?? null, keyId: key?.keyId ?? null },
      { status: found ? 200 : 404, headers: { "Access-Control-Expose-Headers": "X-Total" } },
    );
  });
  const server = serve({ fetch: (request) => handler(request), hostname: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() };
});
