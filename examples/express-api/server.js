import { createVerifier } from "@claviger/sdk";
import { createApp } from "./app.js";

const {
  CLAVIGER_URL = "http://127.0.0.1:4700",
  CLAVIGER_CREDENTIAL = "",
  HOST = "127.0.0.1",
  PORT = "3000",
} = process.env;

if (CLAVIGER_CREDENTIAL === "") {
  console.error("CLAVIGER_CREDENTIAL is not set; `npm run setup` makes one");
  process.exit(1);
}

const verifier = await createVerifier({
  url: CLAVIGER_URL,
  credential: CLAVIGER_CREDENTIAL,
  environment: "live",
  mode: "remote",
});
const server = createApp(verifier).listen(Number(PORT), HOST, (error) => {
  if (error !== undefined) {
    console.error(`cannot listen on ${HOST}:${PORT}: ${error.message}`);
    process.exit(1);
  }
  console.log(`ready http://${HOST}:${server.address().port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close(() => verifier.close()));
