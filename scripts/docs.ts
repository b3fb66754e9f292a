/** Writes the pages of docs/reference that are made from code: `node scripts/docs.ts`. A test fails while one is stale. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EVENT_TYPES, eventBody, eventSchema } from "@claviger/contract";
import { PROBLEMS, REFUSALS } from "@claviger/core";
import { SETTINGS } from "../packages/server/src/settings.ts";
import { configurationPage, errorsPage, eventsPage } from "./reference-pages.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const events = EVENT_TYPES.map(({ data, ...event }) => ({ ...event, schema: eventSchema(data) }));
const pages = [errorsPage(PROBLEMS, REFUSALS), configurationPage(SETTINGS), eventsPage(eventSchema(eventBody), events)];

for (const { path, text } of pages) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`${path}\n`);
}
