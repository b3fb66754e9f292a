import { createVerifier } from "@claviger/sdk";
import { fastifyKeys } from "@claviger/sdk/fastify";
import Fastify from "fastify";

const { CLAVIGER_URL = "http://127.0.0.1:4700", CLAVIGER_CREDENTIAL = "", PORT = "3000" } = process.env;

const verifier = await createVerifier({
  url: CLAVIGER_URL,
  credential: CLAVIGER_CREDENTIAL,
  environment: "live",
  mode: "remote",
});

const app = Fastify();
app.get("/healthz", async () => ({ status: "ok" }));

// In this scope nothing is reached without a key. Each route says what it needs; one that forgets is left to the route map.
app.register(async (scope) => {
  await scope.register(
    fastifyKeys(verifier, { realm: "contacts", scopes: (request) => request.routeOptions.config.scopes }),
  );
  scope.get("/contacts", { config: { scopes: ["contacts:read"] } }, async ({ claviger }) => {
    return { account: claviger.account, contacts: [] };
  });
  scope.post("/contacts", { config: { scopes: ["contacts:write"] } }, async ({ claviger, body }, reply) => {
    return reply.code(201).send({ account: claviger.account, name: body?.name ?? "" });
  });
});

app.addHook("onClose", () => verifier.close());
console.log(`ready ${await app.listen({ host: "127.0.0.1", port: Number(PORT) })}`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => app.close());
