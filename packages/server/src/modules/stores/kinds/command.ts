import { spawn } from "node:child_process";
import type { Kind, Sent } from "./kind.ts";

const TIMEOUT_MS = 30_000;
/** All that the program is told of the environment: nothing of the service's own settings. */
const ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin" };

/**
 * A program of the operator's: the secret on its standard input, and as its last arguments path, key and version. No shell is asked, what it
 * writes is dropped unread, and it is killed after 30 s. An exit of 0 says that it has it; it may be given the same again.
 */
export function commandKind([program, ...given]: readonly string[], timeoutMs = TIMEOUT_MS): Kind {
  return {
    put: ({ path, key, version, secret }, signal) =>
      new Promise<Sent>((resolve) => {
        if (program === undefined) return resolve({ kind: "failed", reason: "the settings name no such command" });
        const late = AbortSignal.timeout(timeoutMs);
        const fail = (reason: string): void => resolve({ kind: "failed", reason });
        const child = spawn(program, [...given, path, key, String(version)], {
          shell: false,
          env: ENVIRONMENT,
          stdio: ["pipe", "ignore", "ignore"],
          killSignal: "SIGKILL",
          signal: AbortSignal.any([late, signal]),
        });
        child.on("error", (error) => {
          const code = "code" in error ? String(error.code).slice(0, 40) : "";
          fail(late.aborted ? `the command did not end in ${timeoutMs / 1000} s` : `the command did not run: ${code}`);
        });
        child.on("close", (code) =>
          code === 0 ? resolve({ kind: "taken" }) : fail(`the command ended with ${code ?? "a signal"}`),
        );
        // Whether it read everything is for its exit to say.
        child.stdin?.on("error", () => undefined);
        child.stdin?.end(secret.reveal());
      }),
  };
}
