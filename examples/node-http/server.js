import { createServer } from "node:http";
import { createVerifier } from "@claviger/sdk";
import { nodeKeys } from "@claviger/sdk/node";

const { CLAVIGER_URL = "http://127.0.0.1:4700", CLAVIGER_CREDENTIAL = "", PORT = "3000" } = process.env;

const verifier = await createVerifier({
  url: CLAVIGER_URL,
  credential: CLAVIGER_CREDENTIAL,
  environment: "live",
  mode: "remote",
});

// The handler is reached only with a key that may: the route map decides, by method and path.
const withKeys = nodeKeys(verifier, { realm: "contacts" });
const handle = withKeys((request, response, key) => {
  const [path] = request.url.split("?");
  const found = path === "/contacts" && request.method === "GET";
  response.writeHead(found ? 200 : 404, { "Content-Type": "application/json" });
  response.end(JSON.stringify(found ? { account: key.account, contacts: [] } : { error: "there is nothing here" }));
});

const server = createServer(handle).listen(Number(PORT), "127.0.0.1", () =>
  console.log(`ready http://127.0.0.1:${server.address().port}`),
);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close(() => verifier.close()));
