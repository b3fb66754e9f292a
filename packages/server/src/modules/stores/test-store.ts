import { ClavigerError, Secret } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import type { CallOutside } from "../../kernel/outgoing/index.ts";
import type { Sent } from "./kinds/kind.ts";
import type { StoresPorts } from "./ports.ts";
import { openStore, TEST_PATH } from "./store.ts";
import { findStore } from "./stores.store.ts";

export interface StoreTest {
  readonly store: string;
  readonly passed: boolean;
  readonly readBack: boolean | null;
  readonly error: string | null;
  readonly ms: number;
}

const NONCE_BYTES = 16;
/** The key whose secret the test seems to be. */
const TESTED = "claviger-test";

/** Writes what is no secret, and reads it back where the kind can. Throws NOT_FOUND. Whatever else goes wrong is the result. */
export async function testStore(
  ports: StoresPorts & { readonly call: CallOutside },
  acting: Acting<StoreTest>,
  id: string,
): Promise<Done<StoreTest>> {
  const result = await tryOut(ports, id);
  return ports.act(acting, PLATFORM, async (unit) => {
    const { passed, readBack, error } = result;
    unit.audits({
      ...{ action: "store.tested", account: null, target: { type: "store", id } },
      after: { passed, readBack, error },
    });
    return result;
  });
}

async function tryOut(ports: StoresPorts & { readonly call: CallOutside }, id: string): Promise<StoreTest> {
  const { database, clock, random } = ports;
  const store = await database.transaction(PLATFORM, (tx) => findStore(tx, id));
  if (store === null) throw new ClavigerError("NOT_FOUND");
  const kind = openStore({ ...ports, now: () => new Date(clock.wall()) }, store);
  const nonce = Buffer.from(random.bytes(NONCE_BYTES)).toString("hex");
  const [path, signal, began] = [`${store.pathPrefix}${TEST_PATH}`, new AbortController().signal, clock.mono()];
  const sent: Sent = await kind.put(
    { path, key: TESTED, version: Math.floor(clock.wall()), secret: new Secret(nonce), token: `${nonce}${nonce}` },
    signal,
  );
  const taken = sent.kind === "taken";
  const readBack = taken && kind.read !== undefined ? (await kind.read(path, signal))?.secret === nonce : null;
  const reasons = { taken: null, newer: "a test was made at the same time" };
  const error = sent.kind === "failed" ? sent.reason : reasons[sent.kind];
  return {
    ...{ store: id, passed: taken && readBack !== false, readBack, ms: Math.round(clock.mono() - began) },
    error: error ?? (readBack === false ? "what was read back is not what was written" : null),
  };
}
