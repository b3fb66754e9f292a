import { hash } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { flat, generator } from "./fixture.ts";

/** Peers are installed in this folder, when the benchmarks first run, and are not packages of the workspace. */
const require = createRequire(import.meta.url);

async function peer<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(require.resolve(name)).href)) as T;
}

interface PrefixedApiKey {
  extractLongTokenHash(token: string): string;
}

/** prefixed-api-key as its documentation has it: the hash of the long token is looked up. Nothing else is checked. */
export async function prefixedKeys(
  count: number,
): Promise<{ readonly tokens: readonly string[]; readonly verify: (token: string) => number }> {
  const { extractLongTokenHash } = await peer<PrefixedApiKey>("prefixed-api-key");
  const next = generator(3);
  const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const random = (length: number): string =>
    Array.from({ length }, () => digits.charAt(next() % digits.length)).join("");
  const tokens = Array.from({ length: count }, () => flat(`acme_${random(8)}_${random(24)}`));
  const numbers = new Map<string, number>();
  for (const [n, token] of tokens.entries()) {
    numbers.set(hash("sha256", token.slice(token.lastIndexOf("_") + 1), "hex"), n);
  }
  const verify = (token: string): number => (numbers.get(extractLongTokenHash(token)) === undefined ? 0 : 1);
  if (tokens.slice(0, 100).some((token) => verify(token) !== 1)) throw new TypeError("prefixed-api-key finds no key");
  return { tokens, verify };
}

interface BetterAuth {
  betterAuth(options: object): {
    readonly api: {
      signUpEmail(call: object): Promise<{ readonly user: { readonly id: string } }>;
      createApiKey(call: object): Promise<{ readonly key: string }>;
      verifyApiKey(call: object): Promise<{ readonly valid: boolean }>;
    };
  };
}
type Storage = ReadonlyMap<string, string> & { set(key: string, value: string): unknown; delete(key: string): boolean };

/**
 * Nanoseconds for one verification, in each round, by the api-key plugin of better-auth, whose fastest store is a secondary storage in
 * the memory of the process; without its rate limit, which it would otherwise write for every verification.
 */
export async function betterAuth(keys: number, rounds: number, perRound: number): Promise<number[]> {
  const { betterAuth: create } = await peer<BetterAuth>("better-auth");
  const { apiKey } = await peer<{ apiKey(options: object): object }>("@better-auth/api-key");
  const { memoryAdapter } = await peer<{ memoryAdapter(tables: object): object }>("better-auth/adapters/memory");
  const stored: Storage = new Map<string, string>();
  const auth = create({
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], apikey: [] }),
    secret: "only for this benchmark, and nowhere else",
    baseURL: "http://localhost",
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
    secondaryStorage: {
      get: (key: string) => stored.get(key) ?? null,
      set: (key: string, value: string) => void stored.set(key, value),
      delete: (key: string) => void stored.delete(key),
    },
    plugins: [apiKey({ storage: "secondary-storage", rateLimit: { enabled: false }, deferUpdates: true })],
  });
  const body = { email: "bench@example.test", password: "a long password", name: "bench" };
  const { user } = await auth.api.signUpEmail({ body });
  const secrets: string[] = [];
  for (let i = 0; i < keys; i++) secrets.push((await auth.api.createApiKey({ body: { userId: user.id } })).key);
  const times: number[] = [];
  const next = generator(11);
  for (let round = -1; round < rounds; round++) {
    const started = performance.now();
    for (let i = 0; i < perRound; i++) {
      const { valid } = await auth.api.verifyApiKey({ body: { key: secrets[next() % keys] } });
      if (!valid) throw new TypeError("better-auth does not accept a key");
    }
    if (round >= 0) times.push(((performance.now() - started) / perRound) * 1e6);
  }
  return times;
}
