import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createVerifier, type Verifier } from "@claviger/sdk";
import { REQUESTS } from "./fixture.ts";

/** Look-ups under way at once; a verifier that has more open is told to ask for each verdict instead. */
const AT_ONCE = 500;

export interface Lent {
  readonly verifier: Verifier;
  /** Closes the verifier, and ends the process that lent to it. */
  end(): Promise<void>;
}

/**
 * The SDK's own verifier, as an application makes it, holding all of `keys`, which are those of `secrets(keys.length, TAG_KEY, 1)`.
 * It has a lease for as long as the event loop turns now and then.
 */
export async function lentVerifier(keys: readonly string[]): Promise<Lent> {
  const node = spawn(
    process.execPath,
    ["--max-old-space-size=4096", fileURLToPath(new URL("lending-node.ts", import.meta.url)), String(keys.length)],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const [port] = (await once(createInterface({ input: node.stdout }), "line")) as [string];
  const verifier = await createVerifier({
    ...{ url: `http://127.0.0.1:${port}`, credential: "a-credential-for-benchmarks-alone", environment: "live" },
    ...{ mode: "local", termMs: 60_000, cachedKeys: keys.length },
  });
  const request = { ip: REQUESTS[0]?.ip };
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const verdicts = await Promise.all(keys.slice(from, from + AT_ONCE).map((key) => verifier.verify(key, request)));
    const refused = verdicts.find(({ valid }) => !valid);
    if (refused !== undefined) throw new TypeError(`the verifier refuses a key: ${refused.code}`);
  }
  return {
    verifier,
    end: async () => {
      await verifier.close();
      const gone = once(node, "exit");
      node.stdin.end();
      await gone;
    },
  };
}
