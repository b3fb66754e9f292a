/** Writes the files of the SDK that are made from the contract: `node scripts/sdk-client.ts`. A test fails while one is stale. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { OPERATIONS } from "@claviger/contract";
import { sdkClientFiles } from "./sdk-client-files.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

for (const { path, text } of await sdkClientFiles(OPERATIONS)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`${path}\n`);
}
