/** Runs the quick starts: what they tell the reader to type, in order, and compares what comes with what they say. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GUIDE = readFileSync(new URL("guide/quick-start.md", import.meta.url), "utf8");
const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const ADDRESS = "http://127.0.0.1:4700";
const PLACEHOLDER = "the-key-that-was-printed";

interface Step {
  readonly commands: string;
  /** What the page says comes, where it says something; `…` stands for anything within a line. */
  readonly output: string | null;
}

/** Blocks of `sh`, each with the block of another language that follows it before the next. */
function stepsOf(page: string): readonly Step[] {
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
  return blocks.flatMap(({ language, text }, index) => {
    const next = blocks[index + 1];
    if (language !== "sh") return [];
    return [{ commands: text, output: next === undefined || next.language === "sh" ? null : next.text }];
  });
}

function pattern(output: string): RegExp {
  const escaped = output.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("…", ".*?")}$`);
}

const PAGES = {
  "docs/guide/quick-start.md": stepsOf(GUIDE),
  "README.md": stepsOf(/^## Quick start$(.*?)^## /ms.exec(README)?.[1] ?? ""),
};
const folder = mkdtempSync(join(tmpdir(), "claviger-quick-start-"));
const environment = { ...process.env, CLAVIGER_DATA_DIR: join(folder, "data"), CLAVIGER_PORT: "0" };
let service: ChildProcess;
let printed = "";

beforeAll(async () => {
  // As root, PostgreSQL's user must pass through.
  chmodSync(folder, 0o711);
  service = spawn("npm", ["start"], {
    cwd: ROOT,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  service.stdout?.on("data", (bytes: Buffer) => (printed += bytes));
  const ended = (): boolean => service.exitCode !== null;
  await waitFor(() => /^ready /m.test(printed) || ended(), { timeoutMs: 50_000, what: "the ready line" });
});
afterAll(async () => {
  if (service.exitCode === null && service.kill("SIGTERM")) await once(service, "exit");
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Runs the steps in one shell, as a reader does, and gives what each one printed. */
async function run(parts: readonly string[]): Promise<readonly string[]> {
  const mark = "--- next step ---";
  const script = parts.map((part) => `${part}\necho '${mark}'\n`).join("");
  const shell = spawn("sh", ["-eu"], { cwd: ROOT, env: environment, stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  shell.stdout.on("data", (bytes: Buffer) => (output += bytes));
  shell.stdin.end(script);
  const [status] = await once(shell, "close");
  expect(status, output).toBe(0);
  return output.split(`${mark}\n`).slice(0, -1);
}

test("the one command that the guide begins with prints what the guide says", () => {
  const [start] = PAGES["docs/guide/quick-start.md"];
  const said = pattern((start?.output ?? "").replace(ADDRESS, "http://…"));
  expect(printed.trim().split("\n").slice(-2).join("\n")).toMatch(said);
});

test.each(Object.entries(PAGES))(
  "every command of %s works as written, in order, and answers what the page says",
  async (_, [start, ...steps]) => {
    expect(start?.commands).toBe("npm start\n");
    const url = /^ready (\S+)$/m.exec(printed)?.[1] ?? "";
    const key = /^management key \(shown once\): (\S+)$/m.exec(printed)?.[1] ?? "";
    for (const text of [ADDRESS, PLACEHOLDER]) expect(steps.map(({ commands }) => commands).join("")).toContain(text);
    const outputs = await run(steps.map(({ commands }) => commands.replaceAll(ADDRESS, url).replace(PLACEHOLDER, key)));
    expect(outputs).toHaveLength(steps.length);
    for (const [index, { commands, output }] of steps.entries()) {
      const came = outputs[index]?.trim() ?? "";
      if (output !== null) expect(came, commands).toMatch(pattern(output));
    }
  },
);
