/** The service as an operator runs it, over an installation with keys, for benchmarks over HTTP. */
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Service, startService } from "@claviger/testkit";
import { putAccount } from "../packages/server/src/modules/accounts/index.ts";
import { putScope } from "../packages/server/src/modules/catalogue/index.ts";
import { createKey, createKeys } from "../packages/server/src/modules/keys/index.ts";
import { ACTING, type BulkStage, openStage } from "./bulk-stage.ts";

export const KEYS = 10_000;
export const ACCOUNTS = 1_000;
const CHUNK = 1_000;
const RESOURCES = ["contacts", "invoices", "orders", "files", "webhooks"];
const AUTHORITY = { keyId: "key_bench", scopes: new Set(["verify", "claviger:management:write"]), expiresAt: null };

/** An installation at rest. */
export interface Installation {
  /** A management key that verifies, and is bound to the environment. */
  readonly credential: string;
  /** One that may do everything. */
  readonly managementKey: string;
  readonly dataDir: string;
  readonly secrets: readonly string[];
  start(): Promise<Service>;
  /** Keeps a file beside the data, as long as there is data. Returns its path. */
  keep(name: string, content: string): Promise<string>;
  remove(): Promise<void>;
}

export interface InstallationOptions {
  /** What else is written before it is at rest. */
  readonly prepare?: (stage: BulkStage) => Promise<void>;
  /** Settings of the service beside its own defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function makeInstallation({ prepare, env: more }: InstallationOptions = {}): Promise<Installation> {
  const stage = await openStage();
  try {
    const { credential, secrets } = await fill(stage, prepare).finally(stage.end);
    const env = { ...more, CLAVIGER_MASTER_KEY: Buffer.from(stage.masterKey).toString("base64") };
    return {
      ...{ credential, secrets, managementKey: stage.managementKey, dataDir: stage.dataDir },
      start: () => startService({ dataDir: stage.dataDir, env }),
      keep: async (name, content) => {
        const path = join(dirname(stage.dataDir), name);
        await writeFile(path, content, { mode: 0o600 });
        return path;
      },
      remove: stage.remove,
    };
  } catch (error) {
    await stage.remove();
    throw error;
  }
}

async function fill(
  stage: BulkStage,
  prepare: InstallationOptions["prepare"],
): Promise<Pick<Installation, "credential" | "secrets">> {
  for (const resource of RESOURCES) {
    const routes = [`/v1/${resource}`, `/v1/${resource}/{id}`].map((path) => ({ method: "GET", path }));
    const scope = { description: "for a benchmark", tier: "read", sensitive: false, routes } as const;
    await putScope(stage.ports.act, ACTING, `${resource}:read`, scope);
  }
  for (let index = 0; index < ACCOUNTS; index += 1) {
    await putAccount(stage.ports, ACTING, `ext:a${index}`, { name: `Account ${index}` });
  }
  const verifier = { account: "platform", environment: "live", label: "a backend", scopes: ["verify"] };
  const { value } = await createKey(stage.ports, ACTING, AUTHORITY, verifier);
  const secrets: string[] = [];
  for (let from = 0; from < KEYS; from += CHUNK) {
    const inputs = Array.from({ length: CHUNK }, (_, place) => ({
      account: `ext:a${(from + place) % ACCOUNTS}`,
      environment: "live",
      label: `key ${from + place}`,
      // By tier, or by name.
      ...((from + place) % 2 === 0 ? { tier: "read" as const } : { scopes: RESOURCES.map((name) => `${name}:read`) }),
      expiresInDays: 1 + (place % 300),
    }));
    const made = await createKeys(stage.ports, ACTING, AUTHORITY, inputs);
    secrets.push(...(made.value ?? []).map(({ secret }) => secret.reveal()));
  }
  await prepare?.(stage);
  return { credential: value?.secret.reveal() ?? "", secrets };
}
