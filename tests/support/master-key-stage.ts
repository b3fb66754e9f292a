/** What the tests of a master key in a data directory stand on: an installation with its own database, and some keys. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Api,
  api,
  issueKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  type Service,
  startService,
} from "@claviger/testkit";
import { afterAll, beforeAll } from "vitest";

const KEYS = 5;

class MasterKeyStage {
  readonly service: Service;
  readonly account: string;
  readonly keys: MadeKey[];

  constructor(service: Service, account: string, keys: MadeKey[]) {
    this.service = service;
    this.account = account;
    this.keys = keys;
  }

  /** The service where it listens now. */
  get node(): Api {
    return api(this.service.url, this.service.managementKey);
  }

  /** For commands on the installation. */
  get settings(): Record<string, string> {
    return { CLAVIGER_DATA_DIR: this.service.dataDir };
  }

  get file(): string {
    return join(this.service.dataDir, "master-key");
  }

  async masterKey(): Promise<string> {
    return (await readFile(this.file, "utf8")).trim();
  }
}

/** Opens one before all tests of the file, and returns where it is found. */
export function useMasterKeyStage(): () => MasterKeyStage {
  let stage: MasterKeyStage | undefined;
  const found = (): MasterKeyStage => {
    if (stage === undefined) throw new TypeError("the stage is open during tests alone");
    return stage;
  };
  beforeAll(async () => {
    const service = await startService();
    const node = api(service.url, service.managementKey);
    await makeScopes(node);
    const { id } = await makeAccount(node);
    const keys: MadeKey[] = [];
    for (let count = 0; count < KEYS; count += 1) keys.push(await issueKey(node, id));
    stage = new MasterKeyStage(service, id, keys);
  });
  afterAll(() => found().service.stop());
  return found;
}
