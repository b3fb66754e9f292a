/** An import that several go on with at once deals with each line once, whoever comes first and whatever is wrong. */
import { testDatabase } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { openKeyring, PLATFORM } from "../../db/index.ts";
import { openUnserved } from "../../demo/unserved.ts";
import { systemClock } from "../../kernel/clock.ts";
import { systemRandom } from "../../kernel/random.ts";
import { type ImportLine, type ImportPorts, type ImportRequest, importLines } from "./import-lines.ts";
import { selectErrors } from "./imports.store.ts";

const SOURCE = { via: "api", ip: null, userAgent: null, requestId: null } as const;
const MANY = 500;

async function portsOf(): Promise<ImportPorts> {
  const home = await testDatabase();
  onTestFinished(() => home.drop());
  const keyring = await openKeyring(home.database, new Uint8Array(32).fill(5), systemClock, systemRandom);
  const keys = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv" },
    ...{ clock: systemClock, random: systemRandom, idRandom: systemRandom },
  });
  return { keys, database: home.database, clock: systemClock };
}

/** Lines that name an account which there is not. */
function requestOf(from: number, to: number, more: boolean): ImportRequest {
  return {
    acting: { actor: { type: "management-key", id: "key_maker" }, source: SOURCE },
    authority: { keyId: "key_maker", scopes: new Set(), expiresAt: null },
    ...{ name: "one", account: "ext:nobody", environment: "live", fromLine: from, more, dryRun: false },
    fields: new Set(["account", "key"]),
    lines: (async function* () {
      for (let line = from; line <= to; line += 1) yield { value: line };
    })(),
    parse: (line) => ({ label: "x", key: `sk_old_${String(line).padStart(12, "0")}` }) satisfies ImportLine,
  };
}

test("lines that another request deals with in between are counted once, and those behind them are not passed over", async () => {
  const ports = await portsOf();
  let raced = false;
  const racing: ImportPorts = {
    ...ports,
    keys: {
      ...ports.keys,
      act: async (acting, reach, work) => {
        try {
          return await ports.keys.act(acting, reach, work);
        } catch (error) {
          // Between the act that was taken back and what is written of it.
          if (!raced) {
            raced = true;
            await importLines(ports, requestOf(1, 100, true));
          }
          throw error;
        }
      },
    },
  };
  const { outcome } = await importLines(racing, requestOf(1, MANY + 200, false));
  expect(raced).toBe(true);
  expect(outcome).toMatchObject({ state: "done", lines: MANY + 200, imported: 0, known: 0, failed: MANY + 200 });
  const errors = await ports.database.transaction(PLATFORM, (tx) => selectErrors(tx, outcome.id ?? "", null, 2_000));
  expect(errors.map(({ line }) => line)).toEqual(Array.from({ length: MANY + 200 }, (_, index) => index + 1));
});

test("lines that are left out are refused, and nothing behind them is dealt with", async () => {
  const ports = await portsOf();
  await importLines(ports, requestOf(1, 10, true));
  await expect(importLines(ports, requestOf(12, 20, true))).rejects.toMatchObject({
    code: "VALIDATION_FAILED",
    errors: [{ path: "fromLine", message: "lines up to 10 are dealt with: go on with line 11" }],
  });
  const { outcome } = await importLines(ports, requestOf(5, 12, false));
  expect(outcome).toMatchObject({ lines: 12, failed: 12 });
});
