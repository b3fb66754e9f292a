/** What the tests of verification share: a node of its own over the database of a running service, put together from its parts. */
import { createKeyTable } from "@claviger/core";
import { type ConnectionConfig, type Database, openKeyring } from "../../db/index.ts";
import { type Clock, systemClock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { systemRandom } from "../../kernel/random.ts";
import { type Coherence, createCoherence } from "../coherence/index.ts";
import { createNodeLimits } from "../limits/index.ts";
import { createUseFlush } from "../traffic/index.ts";
import { createKeySource, type KeyMemory, type KeySource, type Outcome, type Terms, type VerifyKey } from "./index.ts";
import { createVerifyKey } from "./verify-key.ts";

export interface TestVerifier {
  readonly memory: KeyMemory;
  readonly source: KeySource;
  readonly coherence: Coherence;
  verify: VerifyKey;
  /** The code for a key in the environment `live`. */
  codeFor(key: string): Promise<Outcome["verdict"]["code"]>;
  flush(): Promise<void>;
  /** Warnings logged so far. */
  readonly warnings: readonly string[];
  stop(): Promise<void>;
}

export interface TestVerifierOptions {
  readonly database: Database;
  readonly connection: ConnectionConfig;
  readonly masterKey: Uint8Array;
  /** Entries in memory at most. */
  readonly capacity: number;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

const TERM_MS = 2_000;

export async function testVerifier(options: TestVerifierOptions): Promise<TestVerifier> {
  const { database, connection, masterKey, capacity, clock = systemClock } = options;
  const warnings: string[] = [];
  const logger: Logger = {
    ...{ debug: () => undefined, info: () => undefined, error: () => undefined },
    warn: (_, message) => void warnings.push(message),
  };
  const base = { database, logger, clock, random: systemRandom, termMs: TERM_MS };
  const keyring = await openKeyring(database, masterKey, clock, systemRandom);
  const memory = createKeyTable<Terms>({ capacity });
  const coherence = createCoherence({
    ...{ ...base, listenConnection: connection, name: "test", software: "test" },
    onInvalidate: (subjects) => source.invalidate(subjects),
    onDropEverything: () => source.dropEverything(),
  });
  const limits = createNodeLimits({ ...base, redis: null, whenRedisUnavailable: "refuse" });
  const source = createKeySource({
    ...{ database, keyring, memory, lease: coherence, clock, unmapped: "refuse", oldStore: null },
  });
  await coherence.start();
  await limits.start();
  const verify = createVerifyKey({ source, limiter: limits.limiter, verified: () => undefined });
  return {
    ...{ memory, source, coherence, verify, warnings },
    codeFor: async (key) => (await verify({ key, environment: "live" })).verdict.code,
    flush: createUseFlush({ database, source: memory, clock, logger }),
    stop: async () => {
      await limits.stop();
      await coherence.stop();
    },
  };
}
