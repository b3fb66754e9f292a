import { type Check, runDoctor as lookAround } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { clean } from "../../output/cell.ts";
import { operate } from "./operate.ts";

const NAME_WIDTH = 16;

/** Looks whether all is well with the installation of this environment. 1 when something fails. */
export async function runDoctor(io: Io, json: boolean): Promise<ExitCode> {
  const checks: Check[] = [];
  await operate(io, async (options) => {
    for await (const check of lookAround(options)) {
      checks.push(check);
      if (!json) io.out(linesOf(check));
    }
  });
  const ok = checks.every(({ status }) => status !== "fail");
  if (json) io.out(JSON.stringify({ ok, checks }));
  return ok ? EXIT.ok : EXIT.failed;
}

function linesOf({ name, status, detail, action }: Check): string {
  const found = `${status.padEnd(4)}  ${name.padEnd(NAME_WIDTH)}  ${clean(detail)}`;
  return action === null ? found : `${found}\n${" ".repeat(NAME_WIDTH + 8)}${clean(action)}`;
}
