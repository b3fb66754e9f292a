import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";

const MASTER = Buffer.alloc(32, 1).toString("base64");
const load = (environment: Record<string, string>) => loadConfig(environment, "/srv");
const failure = (environment: Record<string, string>): ConfigError => {
  try {
    load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new RangeError("nothing was refused");
};

describe("settings", () => {
  test("nothing set gives the documented defaults", () => {
    expect(load({})).toMatchObject({
      host: "127.0.0.1",
      port: 4700,
      dataDir: "/srv/.claviger",
      leaseMs: 5000,
      staleIfUnreachableMs: 0,
      cachedKeys: 1_000_000,
      drainMs: 0,
      keyPrefix: "clv",
    });
  });

  test.each([
    ["CLAVIGER_PORT", "x4700"],
    ["CLAVIGER_PORT", "65536"],
    ["CLAVIGER_PORT", "-1"],
    ["CLAVIGER_HOST", "example.com"],
    ["CLAVIGER_LEASE_MS", "10"],
    ["CLAVIGER_KEY_PREFIX", "UPPER"],
    ["CLAVIGER_UNMAPPED_ROUTES", "maybe"],
    ["CLAVIGER_LOG_LEVEL", "loud"],
    ["CLAVIGER_TRUSTED_PROXIES", "10.0.0.0/99"],
    ["CLAVIGER_PUBLIC_URL", "ftp://keys.example"],
    ["CLAVIGER_PUBLIC_URL", "https://keys.example/path"],
    ["CLAVIGER_ALLOW_PLAINTEXT", "yes"],
    ["CLAVIGER_STORE_COMMANDS", "/bin/sh"],
  ])("%s=%s stops the start with one line that names the variable, what it was and what it must be", (name, value) => {
    const error = failure({ [name]: value });
    expect(error.message).toMatch(new RegExp(`^${name}: .*must be`));
    expect(error.message).toContain(value);
    expect(error.message).not.toContain("\n");
  });

  test.each(['{"a":["sh"]}', '{"A":["/bin/x"]}', '[["/bin/x"]]', '{"a":"/bin/x"}', '{"a":[]}', '{"a":["/bin/x",1]}'])(
    "CLAVIGER_STORE_COMMANDS=%s names no command that could be run as it stands",
    (value) => {
      expect(failure({ CLAVIGER_STORE_COMMANDS: value }).message).toMatch(/^CLAVIGER_STORE_COMMANDS: .*must be/);
      expect(load({ CLAVIGER_STORE_COMMANDS: '{"a":["/bin/x","-y"]}' }).storeCommands).toEqual({ a: ["/bin/x", "-y"] });
    },
  );

  test.each([
    ["CLAVIGER_MASTER_KEY", "too-short-to-be-a-key"],
    ["CLAVIGER_MANAGEMENT_KEY", "short"],
    ["DATABASE_URL", "mysql://user:hunter2@host/db"],
  ])("a wrong %s is named without being shown", (name, value) => {
    const { message } = failure({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name}: the value of ${value.length} characters is not valid; must be`));
    expect(message).not.toContain(value);
  });

  test("a secret may come from a file, not from both places, and not from an empty or absent one", () => {
    const file = join(mkdtempSync(join(tmpdir(), "claviger-config-")), "secret");
    writeFileSync(file, `${MASTER}\n`);
    expect(load({ CLAVIGER_MASTER_KEY_FILE: file }).masterKey).toHaveLength(32);
    expect(failure({ CLAVIGER_MASTER_KEY_FILE: file, CLAVIGER_MASTER_KEY: MASTER }).message).toContain(
      "set one of them",
    );
    expect(failure({ CLAVIGER_MASTER_KEY_FILE: `${file}-absent` }).setting).toBe("CLAVIGER_MASTER_KEY_FILE");
    writeFileSync(file, "\n");
    expect(failure({ CLAVIGER_MASTER_KEY_FILE: file }).message).toContain("empty");
  });

  test("an external database needs a master key, so that two nodes never make one each", () => {
    expect(failure({ DATABASE_URL: "postgres://u:p@h/db" }).setting).toBe("CLAVIGER_MASTER_KEY");
    expect(load({ DATABASE_URL: "postgres://u:p@h/db", CLAVIGER_MASTER_KEY: MASTER }).databaseUrl).toBe(
      "postgres://u:p@h/db",
    );
  });

  test("plaintext beyond loopback is declared or refused (C10)", () => {
    expect(failure({ CLAVIGER_HOST: "0.0.0.0" }).message).toContain("CLAVIGER_ALLOW_PLAINTEXT=true");
    expect(failure({ CLAVIGER_PUBLIC_URL: "http://keys.example" }).message).toContain("CLAVIGER_ALLOW_PLAINTEXT=true");
    expect(load({ CLAVIGER_HOST: "0.0.0.0", CLAVIGER_ALLOW_PLAINTEXT: "true" }).host).toBe("0.0.0.0");
    expect(load({ CLAVIGER_HOST: "::", CLAVIGER_PUBLIC_URL: "https://keys.example" }).publicUrl).toBe(
      "https://keys.example",
    );
    expect(load({ CLAVIGER_HOST: "::1" }).host).toBe("::1");
  });
});
