import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger, type Installation, startInstallation } from "../testing.ts";

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation();
}, 90_000);
afterAll(() => installation.close());

const run = (...args: string[]) => installation.run(...args);
const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
};
const get = async (path: string): Promise<string> =>
  (
    await fetch(`${installation.url}${path}`, { headers: { authorization: `Bearer ${installation.managementKey}` } })
  ).text();

describe("commands over the API (J5)", { timeout: 90_000 }, () => {
  test("ground: scopes, plans, environments, accounts, members and services are put, got and listed", async () => {
    const routes = ["--routes", "GET /v1/invoices", "--routes", "GET /v1/invoices/{id}"];
    const scope = ["invoices:read", "--description", "See invoices", "--tier", "read"];
    expect(await run("scopes", "put", ...scope, ...routes)).toMatchObject({ code: 0 });
    expect((await json("scopes", "get", "invoices:read")).routes).toHaveLength(2);
    const limits = ["--limits", "fair=10000/day", "--limits", "burst=50/second"];
    expect(await run("plans", "put", "pro", "--max-active-keys", "20", ...limits)).toMatchObject({ code: 0 });
    expect(await json("plans", "get", "pro")).toMatchObject({ maxActiveKeys: 20 });
    expect(await run("environments", "put", "sandbox", "--tag", "sbx", "--class", "staging")).toMatchObject({
      code: 0,
    });
    expect(await run("accounts", "put", "ext:acme/1", "--name", "Acme", "--plan", "pro")).toMatchObject({ code: 0 });
    expect(await json("accounts", "get", "ext:acme/1")).toMatchObject({ externalId: "acme/1", plan: "pro" });
    expect(await json("accounts", "update", "ext:acme/1", "--no-plan")).toMatchObject({ account: { plan: null } });
    const ada = ["--email", "ada@acme.example", "--name", "Ada", "--role", "admin"];
    expect(await run("members", "put", "ext:acme/1", "ext:ada", ...ada)).toMatchObject({ code: 0 });
    expect(await run("services", "put", "ext:acme/1", "ext:cron", "--name", "Cron")).toMatchObject({ code: 0 });
    const members = await run("members", "list", "ext:acme/1");
    expect(members.stdout).toMatch(
      /^ID +EXTERNAL ID +NAME +EMAIL +ROLE +STATUS +CREATED AT\nmem_\w{26} +ada +Ada +ada@acme\.example +admin +active +\d{4}-\d\d-\d\dT[\d:.]+Z\n$/,
    );
    expect((await json("services", "list", "ext:acme/1")).data).toHaveLength(1);
  });

  test("views are listed with totals, shown with why, saved and deleted", async () => {
    await run("accounts", "put", "ext:viewed", "--name", "Viewed");
    const key = ["--account", "ext:viewed", "--environment", "live", "--label", "Old thing", "--tier", "read"];
    expect(await run("keys", "create", ...key)).toMatchObject({ code: 0 });
    expect((await run("views", "list")).stdout).toMatch(/^NAME +TOTAL .*\nunused-30d +0 +keys +true /);
    const shown = await run("views", "show", "never-used");
    expect(shown.stdout).toMatch(/Old thing .* It was made 0 days ago, on \d{4}-\d\d-\d\d, and never used\.\n/);
    const save = ["views", "save", "old-things", "--filter", "q=old thing", "--filter", "used=never", "--shared"];
    expect(await json(...save)).toMatchObject({
      filter: { q: "old thing", used: "never" },
      shared: true,
      notify: false,
    });
    expect((await json("views", "show", "old-things")).data).toMatchObject([{ label: "Old thing" }]);
    expect((await json("keys", "list", "--view", "old-things")).data).toHaveLength(1);
    expect((await run("views", "save", "dormant", "--filter", "q=x")).stderr).toContain("built-in");
    expect(await run("views", "delete", "old-things")).toMatchObject({ code: 0 });
    expect((await run("views", "show", "old-things")).stderr).toContain("NOT_FOUND");
  });

  test("a key is made, verified, suspended, resumed and revoked; its secret is on stdout once, on a line of its own", async () => {
    const made = await run(
      "keys",
      "create",
      "--account",
      "ext:acme/1",
      "--environment",
      "live",
      "--label",
      "Nightly",
      "--scopes",
      "invoices:read",
    );
    expect(made.code).toBe(0);
    const secret = made.stdout.trimEnd().split("\n").at(-1) ?? "";
    expect(secret).toMatch(/^clv_live_\w{36}$/);
    expect(made.stdout.split(secret)).toHaveLength(2);
    expect(made.stderr).not.toContain(secret);
    const id = /^id +(key_\w{26})$/m.exec(made.stdout)?.[1] ?? "";

    const verify = (more: readonly string[] = []) =>
      claviger(
        ["verify", "--environment", "live", "--method", "GET", "--path", "/v1/invoices/7", ...more],
        installation.settings,
        `${secret}\n`,
      );
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^valid +true\ncode +VALID\n/) });
    expect(await run("keys", "suspend", id, "--reason", "looking into it")).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^in force everywhere after \d+ ms \(nodes: 1, verifiers: 0\)\n$/),
    });
    const refused = await verify(["--json"]);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ valid: false, code: "SUSPENDED" });
    expect(await run("keys", "resume", id)).toMatchObject({ code: 0 });
    expect(await verify()).toMatchObject({ code: 0 });

    const unasked = await run("keys", "revoke", id, "--reason", "leaked");
    expect(unasked).toMatchObject({
      code: 64,
      stdout: "",
      stderr: "claviger: there is no terminal to ask on; say --yes\n",
    });
    expect(await verify()).toMatchObject({ code: 0 });
    expect(await run("keys", "revoke", id, "--reason", "leaked", "--yes")).toMatchObject({ code: 0 });
    expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringMatching(/^code +REVOKED$/m) });
    expect(await json("keys", "get", id)).toMatchObject({ status: "revoked", statusReason: "leaked" });
  });

  test("a holder asks about and ends its own key, which comes from stdin, a variable or a file", async () => {
    const { secret } = await json(
      "keys",
      "create",
      "--account",
      "ext:acme/1",
      "--environment",
      "test",
      "--label",
      "CI",
      "--tier",
      "read",
    );
    const file = join(installation.dataDir, "..", "key.txt");
    await writeFile(file, `${String(secret)}\n`);
    const env = { CLAVIGER_URL: installation.url };
    const ways = await Promise.all([
      claviger(["keys", "self", "--json"], env, String(secret)),
      claviger(["keys", "self", "--json"], { ...env, CLAVIGER_KEY: String(secret) }),
      claviger(["keys", "self", "--json"], { ...env, CLAVIGER_KEY_FILE: file }),
      claviger(["keys", "self", "--json", "--key-stdin"], { ...env, CLAVIGER_KEY: "another" }, String(secret)),
    ]);
    for (const { code, stdout } of ways) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ label: "CI", status: "active" });
    }
    expect(await claviger(["keys", "revoke-self", "--yes"], env, String(secret))).toMatchObject({ code: 0 });
    const gone = await claviger(["keys", "self"], env, String(secret));
    expect(gone).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^REVOKED: /) });
    expect(await claviger(["keys", "self"], env)).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/^claviger: no key was given/),
    });
  });

  test("with --json the answer is exactly the API's, lists and problems included", async () => {
    expect((await run("environments", "list", "--json")).stdout).toBe(`${await get("/v1/environments")}\n`);
    expect((await run("nodes")).stdout).toMatch(/^NAME +INCARNATION +SOFTWARE .*\n\S+:\d+ +[0-9a-f]{8} +\d/);
    expect((await run("key-format", "--json")).stdout).toBe(`${await get("/v1/key-format")}\n`);
    const refused = await run("accounts", "get", "ext:nobody", "--json");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^NOT_FOUND: /) });
    expect(JSON.parse(refused.stdout)).toMatchObject({ status: 404, code: "NOT_FOUND", requestId: expect.any(String) });
  });

  test("--all walks every page, as a table and as one document; without it the rest is announced", async () => {
    const names = ["p1", "p2", "p3"];
    for (const name of names) expect(await run("plans", "put", name)).toMatchObject({ code: 0 });
    const all = await json("plans", "list", "--limit", "1", "--all");
    expect(all.nextCursor).toBeNull();
    expect((all.data as { name: string }[]).map(({ name }) => name)).toEqual([...names, "pro"]);
    const table = await run("plans", "list", "--limit", "2", "--all");
    expect(
      table.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(["NAME", ...names, "pro"]);
    const first = await run("plans", "list", "--limit", "2");
    const cursor = /^there are more: --all, or --cursor (\S+)\n$/.exec(first.stderr)?.[1] ?? "";
    expect((await json("plans", "list", "--cursor", cursor)).data).toHaveLength(2);
    expect(await run("members", "list", "ext:acme/1", "--status", "deactivated", "--all")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "none\n",
    });
  });

  test("what the service refuses is a code, a sentence and the fields, with exit code 1", async () => {
    const data = join(installation.dataDir, "..", "key.json");
    await writeFile(
      data,
      JSON.stringify({ account: "ext:acme/1", environment: "live", label: "from a file", tier: "read", odd: 1 }),
    );
    const { code, stdout, stderr } = await run("keys", "create", "--data", `@${data}`, "--label", "");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^VALIDATION_FAILED: /);
    expect(stderr).toMatch(/^ {2}label: /m);
    expect(stderr).toMatch(/odd/);
  });

  test("a repeat with the same idempotency key is done once, and shows no secret again", async () => {
    const args = [
      "keys",
      "create",
      "--account",
      "ext:acme/1",
      "--environment",
      "dev",
      "--label",
      "Once",
      "--tier",
      "read",
      "--idempotency-key",
      "once-1",
    ];
    const [first, second] = [await run(...args), await run(...args)];
    expect(first.stdout).toMatch(/^clv_dev_\w{36}$/m);
    expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining("not shown again") });
    expect(second.stdout).not.toMatch(/^clv_dev_\w{36}$/m);
  });

  test("what others wrote cannot speak to the terminal", async () => {
    const agent = {
      "user-agent": "x\u009b31mred",
      authorization: `Bearer ${installation.managementKey}`,
      "content-type": "application/json",
    };
    const body = JSON.stringify({ name: "Odd" });
    await fetch(`${installation.url}/v1/accounts/ext:odd`, { method: "PUT", headers: agent, body });
    const { stdout } = await run("audit", "list", "--action", "account.created");
    expect(stdout).toMatch(/account\.created/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test("a management key comes from a file too, and a redirect is not followed with it", async () => {
    const file = join(installation.dataDir, "..", "management-key");
    await writeFile(file, `${installation.managementKey}\n`);
    await chmod(file, 0o600);
    const env = { CLAVIGER_URL: installation.url, CLAVIGER_MANAGEMENT_KEY_FILE: file };
    expect(await claviger(["environments", "list"], env)).toMatchObject({ code: 0 });
    expect((await readFile(file, "utf8")).trim()).toBe(installation.managementKey);

    const away = createServer((_, response) =>
      response.writeHead(307, { location: `${installation.url}/v1/environments` }).end(),
    );
    await new Promise<void>((resolve) => away.listen(0, "127.0.0.1", resolve));
    const address = away.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const refused = await claviger(["environments", "list"], { ...env, CLAVIGER_URL: url });
    away.close();
    expect(refused).toMatchObject({
      code: 69,
      stderr: `CLAVIGER_URL: ${url} answered 307, but not as a Claviger does; must be the address of a running Claviger\n`,
    });
  });
});
