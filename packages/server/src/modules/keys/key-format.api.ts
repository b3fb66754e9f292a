import { pick, systemOperations } from "@claviger/contract";
import { KEY_PATTERN, keyFormatRules } from "@claviger/core";
import { type Database, PLATFORM } from "../../db/index.ts";
import { type Route, route } from "../../kernel/route.ts";
import { selectEnvironments } from "../catalogue/index.ts";

const MOST_ENVIRONMENTS = 200;
const MANAGEMENT_TAG = "mgmt";

/** How keys look, for scanners: public, because it is printed on every key anyway. */
export function keyFormatRoutes(database: Database, prefix: string): Route[] {
  return [
    route(pick(systemOperations, "system.key-format"), async () => {
      const environments = await database.transaction(PLATFORM, (tx) => selectEnvironments(tx, null, MOST_ENVIRONMENTS));
      const tags = [...environments.map((environment) => environment.tag), MANAGEMENT_TAG];
      return { status: 200, body: { prefix, tags, pattern: KEY_PATTERN, ...keyFormatRules([prefix], tags) } };
    }),
  ];
}
