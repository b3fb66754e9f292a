import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeKeys } from "@claviger/sdk/node";
import type { Served } from "./stage.ts";
import { keepsTheGate } from "./suite.ts";

keepsTheGate("node:http", true, async (verifier, options) => {
  const withKeys = nodeKeys(verifier, options);
  const guarded = withKeys((request, response, key) => {
    const found = /^\/contacts(\?|$)/.test(request.url ?? "");
    answer(response, found ? 200 : 404, { account: key?.account ?? null, keyId: key?.keyId ?? null });
  });
  return listen((request, response) => {
    response.setHeader("Access-Control-Expose-Headers", "X-Total");
    guarded(request, response);
  });
});

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function listen(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
