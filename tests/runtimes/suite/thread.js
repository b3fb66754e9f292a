/** A worker thread that verifies: says the code of each string that it is sent. */
import { parentPort, workerData } from "node:worker_threads";
import { createVerifier } from "@claviger/sdk";

const verifier = await createVerifier({ ...workerData, environment: "live", mode: "local" });
parentPort.on("message", async (secret) => {
  if (secret !== "close") return parentPort.postMessage((await verifier.verify(secret)).code);
  await verifier.close();
  parentPort.close();
});
parentPort.postMessage("ready");
