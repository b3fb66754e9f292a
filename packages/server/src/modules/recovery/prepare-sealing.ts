import { PLATFORM } from "../../db/index.ts";
import { findAccount } from "../accounts/index.ts";
import { type Environment, findEnvironment } from "../catalogue/index.ts";
import { findKey, type PreparedSealing, type Sealer, type SealingNew } from "../keys/index.ts";
import type { RecoveryPorts } from "./ports.ts";
import { insertSecret } from "./recovery.store.ts";
import { DATA_KEY_BYTES, sealSecret } from "./sealed-secret.ts";

/** For those who make secrets. Whoever keeps the key-encryption key is asked before anything is held, so that no lock waits for them. */
export function createSealer(ports: RecoveryPorts): Sealer {
  return {
    forNew: (account, environment) => prepareNew(ports, account, environment),
    forKey: (key) => prepareForKey(ports, key),
  };
}

/** Null where such keys are not kept; also where there is no such account or environment, which is for others to say. */
async function prepareNew(
  ports: RecoveryPorts,
  reference: string,
  name: string | undefined,
): Promise<SealingNew | null> {
  if (ports.kept === null || name === undefined) return null;
  const account = await ports.database.transaction(PLATFORM, async (tx) => {
    const found = await findAccount(tx, reference);
    if (found === null || found.reserved) return null;
    return isKept(ports, await findEnvironment(tx, name)) ? found.id : null;
  });
  if (account === null) return null;
  const key = ports.ids.make("key");
  return { key, seal: await prepare(ports, ports.kept.keks, account, key) };
}

async function prepareForKey(ports: RecoveryPorts, id: string): Promise<PreparedSealing | null> {
  if (ports.kept === null) return null;
  const account = await ports.database.transaction(PLATFORM, async (tx) => {
    const key = await findKey(tx, id);
    if (key === null || key.kind === "management" || key.environment === null) return null;
    return isKept(ports, await findEnvironment(tx, key.environment)) ? key.account : null;
  });
  return account === null ? null : prepare(ports, ports.kept.keks, account, id);
}

export function isKept({ kept }: RecoveryPorts, environment: Environment | null): boolean {
  return kept !== null && environment !== null && kept.classes.includes(environment.class);
}

/** The data key is used once, for the one secret that is made next. */
async function prepare(
  { random }: RecoveryPorts,
  { current }: NonNullable<RecoveryPorts["kept"]>["keks"],
  account: string,
  key: string,
): Promise<PreparedSealing> {
  const dataKey = random.bytes(DATA_KEY_BYTES);
  const { kek, bytes: wrapped } = await current.wrap(dataKey, { account, key });
  let used = false;
  return async ({ tx, now }, issued) => {
    const { key: made, version, secret } = issued;
    if (used) throw new TypeError("a data key seals one secret");
    used = true;
    if (made.id !== key || made.account !== account) throw new TypeError("a secret of another key was prepared for");
    const sealed = sealSecret(dataKey, { account, key, version }, secret, random);
    dataKey.fill(0);
    await insertSecret(tx, { key, version, account, kek, wrapped, sealed }, now);
  };
}
