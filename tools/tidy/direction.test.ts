import { describe, expect, test } from "vitest";
import { direction } from "./direction.ts";
import { files } from "./fixture.ts";
import { cycles } from "./imports.ts";
import { lines } from "./source.ts";

const check = (path: string, specifier: string): string[] =>
  lines(direction(files({ [path]: `import { x } from "${specifier}";\n` })));
const module = (path: string): string => `packages/server/src/modules/${path}`;

describe("the order is broken by", () => {
  test.each([
    ["core that does I/O", "packages/core/src/a.ts", "node:fs", "core does no I/O"],
    ["core that depends on a library", "packages/core/src/a.ts", "zod", "core depends on nothing"],
    ["core that imports upwards", "packages/core/src/a.ts", "@claviger/contract", "core may import no other package"],
    [
      "an SDK that imports the server",
      "packages/sdk/src/a.ts",
      "@claviger/server",
      "sdk may import only core, contract",
    ],
    ["a console that imports the server", "packages/console/src/a.tsx", "@claviger/server", "console may import only"],
    ["components that import the server", "packages/react/src/a.tsx", "@claviger/server", "react may import only"],
    [
      "a command that imports the server",
      "packages/cli/src/commands/keys/list.ts",
      "@claviger/server",
      "only commands/operate",
    ],
    ["a path into another package", "packages/server/src/app.ts", "../../core/src/index.ts", "entered by its name"],
    [
      "a path out of the packages",
      "packages/server/src/app.ts",
      "../../../tools/tidy/source.ts",
      "does not reach into the repository",
    ],
    ["the testkit in what is shipped", "packages/server/src/app.ts", "@claviger/testkit", "for tests only"],
    [
      "a module that imports a higher one",
      module("accounts/put-account.ts"),
      "../keys/index.ts",
      "keys stands above accounts",
    ],
    ["a module that imports its sibling", module("keys/create-key.ts"), "../limits/index.ts", "siblings"],
    ["a watcher that imports a watcher", module("alerts/raise-alert.ts"), "../notices/index.ts", "siblings"],
    [
      "a way around a module's door",
      module("keys/create-key.ts"),
      "../accounts/accounts.store.ts",
      "entered by its index.ts",
    ],
    [
      "a way around the database's door",
      module("keys/keys.store.ts"),
      "../../db/database.ts",
      "entered by its index.ts",
    ],
    [
      "the kernel that imports a module",
      "packages/server/src/kernel/act.ts",
      "../modules/audit/index.ts",
      "audit stands above kernel",
    ],
    ["a module that imports http", module("keys/keys.api.ts"), "../../http/router.ts", "http stands above keys"],
    ["http that imports jobs", "packages/server/src/http/router.ts", "../jobs/index.ts", "siblings"],
    ["http that imports app", "packages/server/src/http/router.ts", "../app.ts", "app stands above http"],
    ["app that imports main", "packages/server/src/app.ts", "./main.ts", "main stands above app"],
    ["an act that knows the wire format", module("keys/create-key.ts"), "@claviger/contract", "only keys.api.ts"],
    [
      "a module nobody placed",
      module("wishes/make-wish.ts"),
      "../../kernel/act.ts",
      "wishes has no place in the order",
    ],
    ["a package nobody placed", "packages/extra/src/a.ts", "@claviger/core", "package extra has no place"],
  ])("%s", (_, path, specifier, reason) => {
    expect(check(path, specifier)).toEqual([expect.stringContaining(reason)]);
  });

  test("types, exports and dynamic imports as well", () => {
    const path = module("accounts/a.ts");
    const text = `import type { K } from "../keys/index.ts";\nexport { k } from "../keys/index.ts";\nawait import("../keys/index.ts");\ntype T = import("../keys/index.ts").K;\n`;
    expect(direction(files({ [path]: text })).map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });
});

describe("the order allows", () => {
  test.each([
    [module("keys/create-key.ts"), "../accounts/index.ts"],
    [module("keys/create-key.ts"), "./keys.store.ts"],
    [module("keys/create-key.ts"), "../../kernel/act.ts"],
    [module("keys/create-key.ts"), "../../config.ts"],
    [module("keys/keys.store.ts"), "../../db/index.ts"],
    [module("keys/keys.api.ts"), "@claviger/contract"],
    [module("notices/send-mail.ts"), "../inventory/index.ts"],
    [module("accounts/put-account.test.ts"), "../keys/index.ts"],
    [module("accounts/put-account.test.ts"), "@claviger/testkit"],
    ["packages/server/src/kernel/act.ts", "../db/index.ts"],
    ["packages/server/src/app.ts", "./modules/keys/index.ts"],
    ["packages/server/src/main.ts", "./app.ts"],
    ["packages/server/src/http/openapi.ts", "../version.ts"],
    ["packages/testkit/src/random.ts", "../../server/src/kernel/random.ts"],
    ["packages/server/src/index.ts", "./app.ts"],
    ["packages/cli/src/commands/operate/serve.ts", "@claviger/server"],
    ["packages/core/src/errors/index.ts", "../verdict/verdict.ts"],
    ["packages/core/src/errors/index.test.ts", "node:crypto"],
    ["tests/cluster/revoke.test.ts", "../../packages/server/src/index.ts"],
  ])("%s to import %s", (path, specifier) => {
    expect(check(path, specifier)).toEqual([]);
  });
});

describe("rings of imports", () => {
  test("are found over any length, once each, and shown whole", () => {
    const ring = files({
      "packages/core/src/a.ts": `import "./b.ts";`,
      "packages/core/src/b.ts": `import type { C } from "./c.ts";`,
      "packages/core/src/c.ts": `export * from "./a.ts";`,
      "packages/core/src/d.ts": `import "./a.ts";`,
    });
    expect(lines(cycles(ring))).toEqual([
      expect.stringContaining(
        "packages/core/src/a.ts → packages/core/src/b.ts → packages/core/src/c.ts → packages/core/src/a.ts",
      ),
    ]);
  });

  test("are found through the names of packages, and for a file that imports itself", () => {
    const own = files({
      "packages/core/src/index.ts": `export * from "./a.ts";`,
      "packages/core/src/a.ts": `import "@claviger/core";`,
    });
    expect(cycles(own)).toHaveLength(1);
    expect(lines(cycles(files({ "tools/a.ts": `import "./a.ts";` })))).toEqual([
      expect.stringContaining("tools/a.ts → tools/a.ts"),
    ]);
  });

  test("are not seen in a diamond", () => {
    expect(
      cycles(
        files({
          "a.ts": `import "./b.ts"; import "./c.ts";`,
          "b.ts": `import "./d.ts";`,
          "c.ts": `import "./d.ts";`,
          "d.ts": "",
        }),
      ),
    ).toEqual([]);
  });
});
