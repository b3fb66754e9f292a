// Many keys ended by one act, over the API and with its barrier. By itself: `node bench/bulk-revoke.ts [keys]`, 10 000 unless told.
import { putAccount } from "../packages/server/src/modules/accounts/index.ts";
import { createKeys } from "../packages/server/src/modules/keys/index.ts";
import { ACTING, openStage } from "./bulk-stage.ts";
import { line } from "./goals.ts";
import { machine, printSection, type Section } from "./report.ts";

const CHUNK = 1_000;
const GOAL_S = 10;
const AUTHORITY = { keyId: "key_bench", scopes: new Set<string>(), expiresAt: null };

interface Answer {
  readonly bulkAct: { readonly status: string; readonly outcomes: { readonly done: number } };
}

/** Makes the keys, and ends them by one act. */
export async function bulkRevokeSection(count: number): Promise<Section> {
  const stage = await openStage();
  try {
    await putAccount(stage.ports, ACTING, "ext:a", { name: "A" });
    const input = { account: "ext:a", environment: "live", label: "a key", tier: "read" as const };
    for (let made = 0; made < count; made += CHUNK) {
      const inputs = Array.from({ length: Math.min(CHUNK, count - made) }, () => input);
      await createKeys(stage.ports, ACTING, AUTHORITY, inputs);
    }
    await stage.app.start();
    const begun = performance.now();
    const answer = await stage.app.fetch(
      new Request("http://127.0.0.1/v1/keys/revoke", {
        method: "POST",
        headers: { authorization: `Bearer ${stage.managementKey}`, "content-type": "application/json" },
        body: JSON.stringify({ account: "ext:a", reason: "leaked", confirm: count, waitSeconds: 30 }),
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const { bulkAct } = (await answer.json()) as Answer;
    if (bulkAct.status !== "finished" || bulkAct.outcomes.done !== count)
      throw new TypeError("not all keys were ended");
    const lines = [
      line("all of them ended everywhere", "s", seconds, { atMost: (GOAL_S * Math.max(count, 10_000)) / 10_000 }),
    ];
    return {
      title: `One act that ends ${count.toLocaleString("en")} keys, with an event for each and the barrier`,
      lines,
    };
  } finally {
    await stage.end();
    await stage.remove();
  }
}

if (import.meta.main) {
  process.stdout.write(`${machine()}\n`);
  printSection(await bulkRevokeSection(Number(process.argv[2] ?? 10_000)));
}
