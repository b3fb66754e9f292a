import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { startProgramIn } from "../example.ts";

const MAIN = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));

/** `claviger verifier`, for services in other languages, as a process of its own. */
export async function startSidecar(
  urls: readonly string[],
  credential: string,
  service: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const flags = ["--environment", "live", "--listen", "127.0.0.1:0", "--service", service];
  const settings = { CLAVIGER_VERIFY_KEY: credential, CLAVIGER_TRUSTED_PROXIES: "127.0.0.0/8" };
  const program = await startProgramIn(tmpdir(), [MAIN, "verifier", "--url", urls.join(","), ...flags], settings);
  return {
    url: program.url,
    stop: async () => {
      const status = await program.end();
      if (status !== 0) throw new TypeError(`the sidecar ended with ${status}: ${program.output()}`);
    },
  };
}
