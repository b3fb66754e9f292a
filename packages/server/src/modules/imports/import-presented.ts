import type { Secret } from "@claviger/core";
import { SYSTEM_SOURCE } from "../../kernel/act.ts";
import type { Authority } from "../keys/index.ts";
import { begin, type ImportPorts, importSlice, type Reading } from "./import-lines.ts";

/** Who imports what the old store knows: in audit events, as the maker of its keys, and the name of its import. */
const IMPORT_HOOK = "import-hook";

const AUTHORITY: Authority = { keyId: IMPORT_HOOK, scopes: new Set(), expiresAt: null };
const ACTING = { actor: { type: "system", id: IMPORT_HOOK }, source: SYSTEM_SOURCE } as const;

/**
 * Imports one key that was presented, as the old store describes it: a line of an import that never ends, under the same checks as any
 * other. False where it cannot be imported as it is described; why is kept with that import. pg errors pass through.
 */
export async function importPresented(
  ports: ImportPorts,
  { fields, parse }: Pick<Reading, "fields" | "parse">,
  secret: Secret,
  described: object,
): Promise<boolean> {
  const named = { name: IMPORT_HOOK, authority: AUTHORITY };
  const { id } = await begin(ports, named, new Date(ports.clock.wall()));
  const read = { value: { ...described, key: secret.reveal() } };
  const reading = { account: undefined, environment: undefined, authority: AUTHORITY, fields, parse };
  const dealt = await importSlice(ports, { acting: ACTING, ...reading }, id, (done) => [{ line: done + 1, read }]);
  return dealt.counts.failed === 0;
}
