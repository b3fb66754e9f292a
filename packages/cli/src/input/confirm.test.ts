import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Io } from "../io.ts";
import { confirm } from "./confirm.ts";

/** A terminal at which somebody has typed `typed`. */
function terminal(typed: string, isTerminal = true): { io: Io; shown: () => string } {
  const stdin = new PassThrough();
  stdin.end(typed);
  let shown = "";
  const note = (text: string): void => {
    shown += text;
  };
  const flags = { stdinIsTerminal: isTerminal, stdoutIsTerminal: isTerminal, stderrIsTerminal: isTerminal };
  const io = {
    env: {},
    workingDirectory: "/",
    stdin,
    ...flags,
    out: note,
    outRaw: async (text: string) => note(text),
    err: note,
    errRaw: note,
  };
  return { io, shown: () => shown };
}

describe("a question before something that cannot be taken back", () => {
  test.each(["y\n", "yes\n", "Y\n", " yes \n"])("%j goes on, after the question was shown", async (typed) => {
    const { io, shown } = terminal(typed);
    await confirm(io, "End it?", false);
    expect(shown()).toBe("End it? [y/N] ");
  });

  test.each(["n\n", "\n", "", "yess\n"])("%j does nothing, with exit code 1", async (typed) => {
    const refusal = { exitCode: 1, message: "claviger: nothing was done" };
    await expect(confirm(terminal(typed).io, "End it?", false)).rejects.toMatchObject(refusal);
  });

  test("with nobody to ask it needs --yes, and says so with exit code 64", async () => {
    const { io, shown } = terminal("y\n", false);
    await expect(confirm(io, "End it?", false)).rejects.toMatchObject({ exitCode: 64 });
    await confirm(io, "End it?", true);
    expect(shown()).toBe("");
  });
});
