import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { files } from "./fixture.ts";
import { isAllowed, licenceOf, productionPackages } from "./licences.ts";
import { type Act, actFiles, auditActions, auditNames, commandNames, operationIds } from "./one-word.ts";
import { fileSizes, functionSizes, LIMITS, medianSize } from "./size.ts";
import { repository } from "./source.ts";
import { lockfiles, words } from "./words.ts";

describe("sizes", () => {
  const filled = (count: number): string => "x;\n".repeat(count);

  test("a file may have its limit and not a line more, a test more than others, a generated file any", () => {
    const found = fileSizes(
      files({
        "a.ts": filled(LIMITS.file),
        "b.ts": filled(LIMITS.file + 1),
        "c.test.ts": filled(LIMITS.test),
        "d.test.ts": filled(LIMITS.test + 1),
        "generated/e.ts": filled(5000),
        "f.md": filled(5000),
      }),
    );
    expect(found.map(({ path }) => path)).toEqual(["b.ts", "d.test.ts"]);
  });

  test("a function stays below its limit, whatever its form; a describe is none, the tests in it are", () => {
    const body = (count: number): string => `{\n${filled(count - 2)}}`;
    const found = functionSizes(
      files({
        "a.ts": `function f() ${body(69)}\nfunction g() ${body(70)}`,
        "b.ts": `/** Docs\n do not count. */\nconst f = () => ${body(69)};\nconst g = () => ${body(70)};`,
        "c.ts": `class C { method() ${body(70)} }`,
        "d.test.ts": `describe("d", () => {\ntest("t", () => ${body(70)});\n});`,
        "e.test.ts": `describe("d", () => {\n${filled(100)}\n});`,
      }),
    );
    expect(found.map(({ path, line }) => `${path}:${line}`)).toEqual(["a.ts:70", "b.ts:72", "c.ts:1", "d.test.ts:2"]);
  });

  test("the median is that of code, and 0 without any", () => {
    expect(medianSize(files({ "a.ts": filled(1), "b.ts": filled(9), "c.ts": filled(50), "d.md": filled(999) }))).toBe(
      9,
    );
    expect(medianSize([])).toBe(0);
  });
});

describe("words", () => {
  const found = (text: string, path = "docs/a.md"): number => words(files({ [path]: text })).length;

  test.each([
    `// ${"TO" + "DO"}: later`,
    `${"FIX" + "ME"} now`,
    `-- ${"X" + "XX"}`,
    `see ${"/ro" + "ot/"}a`,
    `"${"/wo" + "rk/"}main"`,
    `path=${"/ho" + "me/"}ann`,
    `https://${"registry.npm" + "js.org"}/a`,
    `${"registry"}=http://10.0.0.1/`,
  ])("refused: %s", (text) => {
    expect(found(text)).toBe(1);
    expect(found(text, "packages/core/src/a.ts")).toBe(1);
  });

  test.each(["a todo list", "docs/work/a", "./work/a", "https://example.com/home/page", "https://registry.example/"])(
    "allowed: %s",
    (text) => {
      expect(found(text)).toBe(0);
    },
  );

  test("a lockfile that says where packages came from is refused; folders of ours have a path", () => {
    const text = `"resolved": "https://a.example/x.tgz",\n"resolved": "packages/core",\n"resolved": "file:../../packages/core",\n"resolved": "git+ssh://b.example/y",`;
    expect(lockfiles(files({ "package-lock.json": text })).map(({ line }) => line)).toEqual([1, 4]);
  });
});

describe("one word", () => {
  const act = (id: string, audit: string[] = [], narrows = false): Act => ({ id, method: "POST", audit, narrows });

  test("ids have two parts and stand once", () => {
    expect(operationIds([act("keys.create"), act("keys.revoke-self")])).toEqual([]);
    expect(operationIds([act("keys.create"), act("keys.create"), act("keysCreate"), act("keys.a.b")])).toHaveLength(3);
  });

  test("audit actions are the operation's verb in the past", () => {
    const good = [
      act("keys.create", ["key.created"]),
      act("accounts.put", ["account.created", "account.updated"]),
      act("keys.revoke-self", ["key.revoked"]),
      act("approvals.deny", ["approval.denied"]),
      act("rotation.cancel", ["rotation.cancelled"]),
      act("webhooks.send", ["webhook.sent"]),
    ];
    expect(auditNames(good)).toEqual([]);
    expect(auditNames([act("keys.revoke", ["key.ended"])])[0]?.reason).toContain("one act, one word");
  });

  test("an act has a file of its name in its module; a read needs none", () => {
    const operations = [
      act("keys.list"),
      act("keys.revoke", ["key.revoked"], true),
      act("keys.revoke-self", ["key.revoked"], true),
      act("members.put", ["member.created"]),
    ];
    const has = [
      "packages/server/src/modules/keys/revoke-key.ts",
      "packages/server/src/modules/accounts/put-member.ts",
    ];
    expect(actFiles(operations, has)).toEqual([]);
    expect(
      actFiles(operations, [
        "packages/server/src/modules/keys/revoke-key.test.ts",
        "packages/server/src/modules/keys/revoked.ts",
      ]),
    ).toHaveLength(3);
  });

  test("a command is named like an operation, unless it is the operator's", () => {
    const commands = "packages/cli/src/commands";
    expect(
      commandNames(
        [act("keys.list")],
        [`${commands}/keys/list.ts`, `${commands}/keys/list.test.ts`, `${commands}/operate/serve.ts`],
      ),
    ).toEqual([]);
    expect(commandNames([act("keys.list")], [`${commands}/keys/show.ts`])).toHaveLength(1);
  });

  test("what is recorded is listed in the past tense, what is listed is recorded, operations declare what is listed", () => {
    const path = "packages/server/src/modules/accounts/put-account.ts";
    const acts = [act("accounts.put", ["account.created", "account.updated"])];
    const text = "unit.audits({ action: isNew ? 'account.created' : 'account.updated' });";
    const check = (listed: string[], code: string) =>
      auditActions(listed, acts, files({ [path]: code })).map(({ reason }) => reason);
    expect(check(["account.created", "account.updated"], text)).toEqual([]);
    expect(check(["account.created", "account.updated"], text.replace("updated", "changed"))).toEqual([
      expect.stringContaining("records account.changed"),
      expect.stringContaining("account.updated is listed and never recorded"),
    ]);
    expect(check(["account.created"], text)).toEqual([
      expect.stringContaining("account.updated is missing"),
      expect.stringContaining("records account.updated"),
    ]);
    expect(check(["account.created", "account.updated", "accountGone", "account.end"], text)).toHaveLength(4);
  });
});

describe("licences", () => {
  test.each(["MIT", "(MIT OR GPL-3.0)", "MIT AND ISC", "(BSD-2-Clause OR (MIT AND Apache-2.0))"])(
    "%s may be shipped",
    (expression) => {
      expect(isAllowed(expression)).toBe(true);
    },
  );

  test.each([
    "GPL-3.0",
    "AGPL-3.0-or-later",
    "MIT AND GPL-2.0",
    "(MIT OR ISC) AND AGPL-3.0",
    "SEE LICENSE IN x",
    "UNLICENSED",
    "",
    "Elastic-2.0",
  ])("%s may not", (expression) => {
    expect(isAllowed(expression)).toBe(false);
  });

  test("old forms are read, and silence is not taken for consent", () => {
    expect(licenceOf({ license: "MIT" })).toBe("MIT");
    expect(licenceOf({ license: { type: "ISC" } })).toBe("ISC");
    expect(licenceOf({ licenses: [{ type: "MIT" }, { type: "GPL-2.0" }] })).toBe("MIT OR GPL-2.0");
    expect(licenceOf({})).toBeNull();
    expect(licenceOf({ licenses: [] })).toBeNull();
  });

  test("only what comes along in production counts", () => {
    const lock = {
      "": {},
      "packages/core": {},
      "node_modules/a": {},
      "node_modules/b": { dev: true },
      "node_modules/@claviger/core": { link: true },
    };
    expect(productionPackages(lock)).toEqual(["node_modules/a"]);
  });
});

test("the repository is read without what .gitignore names, and without links", () => {
  const root = mkdtempSync(join(tmpdir(), "claviger-tidy-"));
  try {
    writeFileSync(join(root, ".gitignore"), "node_modules/\n*.log\n");
    mkdirSync(join(root, "src/node_modules"), { recursive: true });
    for (const path of ["src/a.ts", "src/node_modules/b.ts", "c.log", "d.png", "README.md"])
      writeFileSync(join(root, path), "x");
    expect(repository(root).map(({ path }) => path)).toEqual([".gitignore", "README.md", "src/a.ts"]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
