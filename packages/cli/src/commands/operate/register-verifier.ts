/** A verifier beside a program in any language, as a local service. */
import type { Register } from "./index.ts";
import type { VerifierFlags } from "./run-verifier.ts";

const HELP = `
Examples:
  $ CLAVIGER_VERIFY_KEY_FILE=/run/secrets/verify claviger verifier --environment live
  $ claviger verifier --environment live --socket /run/claviger/verifier.sock

Answers POST /v1/verify, POST /v1/verify/batch, GET and POST /v1/authorize as a node does, from its own memory, and takes no
credential: it is for the programs of this machine. GET /readyz says whether it may decide now.
The credential comes from CLAVIGER_VERIFY_KEY or CLAVIGER_VERIFY_KEY_FILE.`;

export const registerVerifier: Register = (command, io, outcome) => {
  command
    .description("Run a verifier for the programs of this machine, in any language, until SIGTERM or SIGINT")
    .option("--url <urls>", "addresses of nodes, separated by commas; default CLAVIGER_URL, or http://127.0.0.1:4700")
    .option("--environment <name>", "whose keys are accepted; default CLAVIGER_ENVIRONMENT")
    .option("--listen <host:port>", "where to listen; default 127.0.0.1:4701")
    .option("--socket <path>", "listen on a socket of this user alone instead")
    .option("--mode <mode>", "local (default): decide here, under a lease; remote: ask a node each time")
    .option("--stale-if-unreachable <seconds>", "dangerous: go on so long where no node can be reached; default 0")
    .option("--warm-up <file>", "remember in this file which keys are in use, and read them ahead at the next start")
    .option("--service <name>", "which of your services this is, as it is recorded with each use of a key")
    .addHelpText("after", HELP)
    .action(async () => {
      const { runVerifier } = await import("./run-verifier.ts");
      outcome.exitCode = await runVerifier(io, command.optsWithGlobals<VerifierFlags>());
    });
};
