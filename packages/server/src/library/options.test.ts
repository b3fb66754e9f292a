import { describe, expect, test } from "vitest";
import { ConfigError } from "../config.ts";
import { EngineError } from "../db/index.ts";
import { SETTINGS } from "../settings.ts";
import { type ClavigerOptions, inOptionNames, readOptions, SETTING_OF } from "./options.ts";

const URL_OF = "postgres://claviger:canary-password@localhost/claviger";
const MASTER = Buffer.alloc(32, 1).toString("base64");
const read = (options: ClavigerOptions, env: Record<string, string> = {}) =>
  readOptions(options, { env, workingDirectory: "/srv/api" });

function failure(options: object, env: Record<string, string> = {}): ConfigError {
  try {
    read(options, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new RangeError("nothing was refused");
}

describe("options of createClaviger", () => {
  test("are all settings of the service, but for those of its listener and of telemetry, which are the process's", () => {
    const ofListener = ["CLAVIGER_HOST", "CLAVIGER_PORT", "CLAVIGER_DRAIN_MS"];
    const settings = SETTINGS.map(({ name }) => name).filter(
      (name) => !ofListener.includes(name) && !name.startsWith("OTEL_"),
    );
    expect(Object.values(SETTING_OF).sort()).toEqual(settings.sort());
  });

  test("mean what the settings of the service mean, and have the same defaults", () => {
    expect(read({}).config).toMatchObject({ dataDir: "/srv/api/.claviger", databaseUrl: null, leaseMs: 5_000 });
    const { config, environment, basePath } = read({
      ...{ databaseUrl: URL_OF, masterKey: MASTER, environment: "test", basePath: "/internal/claviger" },
      ...{
        trustedProxies: ["10.0.0.0/8", "::1"],
        leaseMs: 2_000,
        cachedKeys: 5_000,
        keyPrefix: "acme",
        logLevel: "error",
      },
      ...{ publicUrl: "http://api.internal", allowPlaintext: true, unmappedRoutes: "allow", failedAttempts: 0 },
    });
    expect({ environment, basePath }).toEqual({ environment: "test", basePath: "/internal/claviger" });
    expect(config).toMatchObject({
      ...{ databaseUrl: URL_OF, masterKey: Buffer.from(MASTER, "base64"), trustedProxies: ["10.0.0.0/8", "::1"] },
      ...{ leaseMs: 2_000, cachedKeys: 5_000, keyPrefix: "acme", logLevel: "error", failedAttempts: 0 },
      ...{ publicUrl: "http://api.internal", unmappedRoutes: "allow" },
    });
  });

  test.each<[string, object, RegExp]>([
    ["one that does not exist", { databaseURL: URL_OF }, /^databaseURL: is no option/],
    ["a database whose variable is not set", { databaseUrl: undefined }, /^databaseUrl: is empty; must be postgres/],
    ["a database that is none", { databaseUrl: "mysql://a:canary@b/c" }, /^databaseUrl: the value of 20 characters/],
    [
      "a database without the master key",
      { databaseUrl: URL_OF },
      /^masterKey: is not set; with databaseUrl it must be 32/,
    ],
    ["a master key that is none", { masterKey: "canary-master-key" }, /^masterKey: the value of 17 characters/],
    ["a management key that is none", { managementKey: "canary" }, /^managementKey: .*must be 16 to 200/],
    ["an environment that is none", { environment: "Live!" }, /^environment: "Live!" is not valid; must be/],
    ["a path that ends with a slash", { basePath: "/claviger/" }, /^basePath: .* must begin with a slash/],
    ["a path that is none", { basePath: "claviger" }, /^basePath: "claviger" is not valid/],
    ["a path of the API itself", { basePath: "/v1/claviger" }, /^basePath: .* no path of the API itself/],
    ["plain HTTP beyond this machine", { publicUrl: "http://a.example" }, /^publicUrl: .*allowPlaintext=true/],
    ["a lease out of bounds", { leaseMs: 10 }, /^leaseMs: "10" is not valid; must be an integer from 500/],
    ["a number that is none", { cachedKeys: Number.NaN }, /^cachedKeys: "NaN" is not valid/],
    ["a proxy that is none", { trustedProxies: ["10.0.0.0/99"] }, /^trustedProxies: "10.0.0.0\/99" is not valid/],
  ])("are refused in words of the options, without a secret: %s", (_, options, reason) => {
    const { message, setting } = failure(options);
    expect(message).toMatch(reason);
    expect(message.startsWith(`${setting}: `)).toBe(true);
    expect(message).not.toMatch(/canary|CLAVIGER_|DATABASE_|\n/);
  });

  test("a platform that freezes processes is refused, unless the program knows better", () => {
    const env = { VERCEL: "1" };
    expect(failure({}, env).message).toMatch(/^neverFrozen: this platform may freeze the process/);
    expect(read({ neverFrozen: true }, env).environment).toBe("live");
  });
});

test("errors of the database speak of options as well, and stay what they are", () => {
  const error = new EngineError(
    "SERVER_UNREACHABLE",
    "DATABASE_MIGRATION_URL (postgres://x) cannot be used; nor DATABASE_URL.",
  );
  expect(inOptionNames(error)).toBe(error);
  expect(error.message).toBe("databaseMigrationUrl (postgres://x) cannot be used; nor databaseUrl.");
  expect(error.code).toBe("SERVER_UNREACHABLE");
  expect(inOptionNames("anything else")).toBe("anything else");
});
