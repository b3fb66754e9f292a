// Makes a fresh checkout ready: packages, the right Node.js and, with --test, what the test suites need from the system.
// Runs before every npm script, on Node 20 and up, with nothing installed. When all is in place it starts no process.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Explained } from "./prepare/explained.mjs";
import { runNpmCi } from "./prepare/npm.mjs";
import { checkExecutables, checkNode, isInstalled, settlePackagedNode, writeStamp } from "./prepare/packages.mjs";
import { provideTools } from "./prepare/tools.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function main(args) {
  const unknown = args.filter((arg) => arg !== "--test");
  if (unknown.length > 0) throw new Explained(`prepare: unknown argument ${unknown[0]}; the only one is --test`);
  if (!isInstalled(root)) {
    runNpmCi(root);
    settlePackagedNode(root);
    writeStamp(root);
  }
  checkExecutables(root);
  checkNode(root);
  if (args.includes("--test")) provideTools();
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Explained)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
