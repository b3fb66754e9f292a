import { describe, expect, test } from "vitest";
import { ENTRIES } from "./commands/index.ts";
import { claviger } from "./testing.ts";

// A key of the published format: its checksum is right, and no installation ever issued it.
const KEY = "clv_mgmt_2WC6uy666OrFcY8pOVYhEHjPkSX7Wa3iaIFN";
/** Prints what is loaded, one line each on stderr. */
const TELL_LOADED = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      process.stderr.write(found.url + "\\n");
      return found;
    },
  });
`)}`;

describe("the command line", { timeout: 30_000 }, () => {
  test.each([
    [["nonsense"], "claviger: unknown command 'nonsense'"],
    [["keys", "nonsense"], "claviger: unknown command 'nonsense'"],
    [["keys"], "claviger: name a command; see claviger keys --help"],
    [["keys", "rotation"], "claviger: name a command; see claviger keys rotation --help"],
    [["keys", "rotation", "nonsense"], "claviger: unknown command 'nonsense'"],
    [["keys", "rotate", "key_x", "--grace-starts", "odd"], 'claviger: --grace-starts: "odd" is none of now, '],
    [[], "claviger: name a command; see claviger --help"],
    [["keys", "list", "--nonsense"], "claviger: unknown option '--nonsense'"],
    [["keys", "list", "--status", "odd"], 'claviger: --status: "odd" is none of requested, active, '],
    [["keys", "list", "--limit", "many"], 'claviger: --limit: "many" is not a whole number'],
    [["keys", "create", "--label", "x"], "claviger: missing --account"],
    [["plans", "put", "p", "--limits", "fast"], 'claviger: --limits: "fast" must be <name>=<amount>/'],
    [["accounts", "put", "ext:a", "--name", "a", "--metadata", "x"], 'claviger: --metadata: "x" must be name=value'],
    [["accounts", "put", "ext:a", "--data", "{"], "claviger: --data: is not JSON"],
  ])("%j is refused with one line and exit code 64", async (args, line) => {
    const { code, stdout, stderr } = await claviger(args, { CLAVIGER_MANAGEMENT_KEY: "x".repeat(20) });
    expect(stderr.startsWith(line)).toBe(true);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  });

  test("every command has help with examples, and `help` before it says the same", async () => {
    const program = await claviger(["--help"]);
    for (const { name } of ENTRIES) expect(program.stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
    const [before, after] = await Promise.all([
      claviger(["help", "keys", "create"]),
      claviger(["keys", "create", "--help"]),
    ]);
    expect(before).toEqual(after);
    expect(after).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/Examples:\n {2}\$ claviger keys create /),
    });
    expect(after.stdout).toContain("--expires-in-days");
  });

  test("no flag takes a secret, and a key as an argument of verify is refused without being repeated", async () => {
    const { code, stdout, stderr } = await claviger(["verify", KEY]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toMatch(/^claviger: verify takes no key as an argument[^\n]*\n$/);
    expect((await claviger(["verify", "--help"])).stdout).not.toMatch(/--(key|management-key|secret)[ =]/);
  });

  test("without a service there is one line that names CLAVIGER_URL, and exit code 69", async () => {
    const env = { CLAVIGER_URL: "http://127.0.0.1:1", CLAVIGER_MANAGEMENT_KEY: "x".repeat(20) };
    const { code, stdout, stderr } = await claviger(["keys", "list"], env);
    expect({ code, stdout }).toEqual({ code: 69, stdout: "" });
    expect(stderr).toBe(
      "CLAVIGER_URL: http://127.0.0.1:1 refuses connections; must be the address of a running Claviger\n",
    );
  });

  test.each([
    [{ CLAVIGER_URL: "ftp://x" }, /^CLAVIGER_URL: [^\n]*\n$/],
    [{ CLAVIGER_URL: "http://user:hidden@host.example" }, /^CLAVIGER_URL: "host\.example" is not valid[^\n]*\n$/],
    [
      { CLAVIGER_URL: "http://host.example" },
      /^CLAVIGER_URL: "http:\/\/host\.example" would carry keys in the clear[^\n]*\n$/,
    ],
    [{}, /^CLAVIGER_MANAGEMENT_KEY: is not set[^\n]*\n$/],
    [
      { CLAVIGER_MANAGEMENT_KEY: "a", CLAVIGER_MANAGEMENT_KEY_FILE: "/b" },
      /^CLAVIGER_MANAGEMENT_KEY: is set and so is [^\n]*\n$/,
    ],
    [
      { CLAVIGER_MANAGEMENT_KEY_FILE: "/nowhere/at/all" },
      /^CLAVIGER_MANAGEMENT_KEY_FILE: "\/nowhere\/at\/all" cannot be read[^\n]*\n$/,
    ],
  ])("a wrong setting is one line and exit code 2: %j", async (env, line) => {
    const { code, stdout, stderr } = await claviger(["keys", "list"], env);
    expect(stderr).toMatch(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("a key is recognised offline, from an argument or from stdin", async () => {
    const given = await claviger(["key", "check", KEY]);
    expect(given).toMatchObject({ code: 0, stdout: expect.stringMatching(/^prefix +clv\ntag +mgmt\n/m) });
    const piped = await claviger(["key", "check", "-", "--json"], {}, `${KEY}\n`);
    expect(JSON.parse(piped.stdout)).toEqual({ ok: true, prefix: "clv", tag: "mgmt", checksum: "3iaIFN".slice(-6) });
    const other = await claviger(["key", "check", `${KEY.slice(0, -1)}x`]);
    expect(other).toMatchObject({ code: 1, stdout: expect.stringMatching(/^no key: its checksum is wrong/) });
  });

  test.each([{ args: ["--help"] }, { args: ["key", "check", KEY] }, { args: ["keys", "list", "--help"] }])(
    "$args loads nothing of the server",
    async ({ args }) => {
      const { stderr } = await claviger(args, { NODE_OPTIONS: `--import=${TELL_LOADED}` });
      expect(stderr).toContain("/cli/src/program.ts");
      expect(stderr).not.toMatch(/packages\/server\/|node_modules\/(pg|kysely|hono|pino)\//);
    },
  );
});
