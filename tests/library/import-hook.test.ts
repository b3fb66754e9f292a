/** In another program the import hook may be a function of that program (A7). */
import { randomBytes } from "node:crypto";
import type { ClavigerOptions } from "@claviger/server";
import { expect, test } from "vitest";
import { libraryStage } from "./stage.ts";

const stage = libraryStage();
const oldKey = (): string => `old_${randomBytes(16).toString("hex")}`;

test("a function is asked once about a key, and what it throws is told without the key", async () => {
  const asked: string[] = [];
  const lines: string[] = [];
  const note = (details: object, message: string) => void lines.push(`${JSON.stringify(details)} ${message}`);
  const [known, broken] = [oldKey(), oldKey()];
  const claviger = await stage.embed({
    importHookForms: ["old_", "legacy-[0-9a-f]{32}"],
    importHook: async (key, { signal }) => {
      expect(signal.aborted).toBe(false);
      asked.push(key);
      if (key === broken) throw new RangeError(`no row for ${key}`);
      if (key !== known) return { known: false };
      const described = { account: stage.account.id, environment: "live", label: "moved", scopes: ["contacts:read"] };
      return { known: true, key: described };
    },
    logger: { debug: note, info: note, warn: note, error: note },
  });
  const codeOf = async (key: string) => (await claviger.verify(key, { scopes: ["contacts:read"] })).code;
  expect(await codeOf(known)).toBe("VALID");
  // From memory now.
  expect(claviger.verify(known, { scopes: ["contacts:read"] })).toMatchObject({ code: "VALID" });
  const unknown = oldKey();
  for (let n = 0; n < 3; n += 1) expect(await codeOf(unknown)).toBe("NOT_FOUND");
  expect(await codeOf(broken)).toBe("UNAVAILABLE");
  expect(asked).toEqual([known, unknown, broken]);
  expect(lines.join("\n")).toContain("it threw RangeError");
  for (const key of asked) expect(lines.join("\n")).not.toContain(key);
});

const nobodys = (): unknown => ({ known: false });

test.each<[string, ClavigerOptions, RegExp]>([
  ["a function without forms", { importHook: nobodys }, /^importHookForms: is not set; with importHookUrl/],
  ["forms with nobody to ask", { importHookForms: ["old_"] }, /^importHookForms: is set without importHookUrl/],
  [
    "a function and an endpoint",
    {
      ...{ importHook: nobodys, importHookForms: ["old_"], importHookUrl: "https://a.example/" },
      importHookSecret: `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
    },
    /^importHookUrl: is set, and so is importHook/,
  ],
  [
    "an endpoint without a secret",
    { importHookForms: ["old_"], importHookUrl: "https://a.example/" },
    /^importHookSecret: is not set/,
  ],
  [
    "a form that takes nearly everything",
    { importHook: nobodys, importHookForms: ["[a-z]{1}"] },
    /^importHookForms: "\[a-z\]\{1\}" is not valid/,
  ],
])("%s is refused at the start", async (_, options, message) => {
  await expect(stage.embed(options)).rejects.toThrow(message);
});
