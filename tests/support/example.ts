/** Runs the examples as their READMEs say: packages from their lockfile, processes of their own, against a real service. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Service, waitFor } from "@claviger/testkit";
import { expect } from "vitest";
import { prepareExamples } from "../../scripts/installations.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const folderOf = (example: string): string => join(ROOT, "examples", example);

/** Returns the folder of an example, once all that it needs is there. */
export function installExample(example: string): string {
  prepareExamples();
  return folderOf(example);
}

export interface Contacts {
  /** May verify keys of `live`. */
  readonly credential: string;
  /** May read contacts. */
  readonly caller: { readonly key: string; readonly id: string };
}

/** What `npm run setup` of the Express example does; the others have it done there. */
export function setUpContacts(service: Service): Contacts {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["setup.js"], {
    cwd: installExample("express-api"),
    encoding: "utf8",
    env: { CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: service.managementKey },
  });
  expect(status, stderr).toBe(0);
  const value = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(stdout)?.[1] ?? "";
  return { credential: value("CLAVIGER_CREDENTIAL"), caller: { key: value("CALLER_KEY"), id: value("CALLER_KEY_ID") } };
}

export interface Running {
  readonly url: string;
  /** All that it wrote. */
  output(): string;
  /** Asks it to end; resolves with its exit status. */
  end(): Promise<number | null>;
  stop(): void;
}

/** Starts a program of an example that prints `ready <url>`. */
export function startProgram(
  example: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  return startProgramIn(folderOf(example), args, env);
}

/** The same in any folder. */
export async function startProgramIn(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, args, { cwd: folder, env: { PORT: "0", ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (output += bytes));
  const ready = (): string | undefined => /(?:^ready|Local:) +(http:\S+)/m.exec(output)?.[1];
  const url = await waitFor(() => ready() ?? (child.exitCode === null ? null : ""), {
    what: "the ready line",
    timeoutMs: 30_000,
  });
  expect(url, output).not.toBe("");
  const end = async (): Promise<number | null> => {
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
    return child.exitCode;
  };
  return { url, output: () => output, end, stop: () => void child.kill("SIGKILL") };
}

export interface Told {
  readonly status: number;
  readonly code: string | undefined;
  readonly challenge: string | null;
}

export async function call(to: Running, method: string, path: string, headers: Record<string, string>): Promise<Told> {
  const body = method === "POST" ? { body: '{"name":"Ada"}' } : {};
  const answer = await fetch(`${to.url}${path}`, {
    method,
    headers: { ...headers, ...(method === "POST" ? { "content-type": "application/json" } : {}) },
    ...body,
  });
  const content: unknown = await answer.json();
  const code = typeof content === "object" && content !== null && "code" in content ? String(content.code) : undefined;
  return { status: answer.status, code, challenge: answer.headers.get("www-authenticate") };
}

export async function manage(service: Service, path: string, body: object = {}): Promise<void> {
  const answer = await fetch(`${service.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${service.managementKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(200);
}
