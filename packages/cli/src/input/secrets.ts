import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Secret } from "@claviger/core";
import { EXIT } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";

const KEY = "CLAVIGER_KEY";
const LONGEST = 8_192;

/** The value of the variable `name`, or of the file that `<name>_FILE` names; null where neither is set. Throws `Failure`. */
export function readSecret(io: Io, name: string): Secret | null {
  const value = io.env[name]?.trim() ?? "";
  const file = io.env[`${name}_FILE`]?.trim() ?? "";
  if (file === "") return value === "" ? null : new Secret(value);
  if (value !== "") throw new Failure(EXIT.settings, `${name}: is set and so is ${name}_FILE; set one of them`);
  try {
    const text = readFileSync(file, "utf8").trim();
    if (text !== "") return new Secret(text);
  } catch {
    throw new Failure(EXIT.settings, `${name}_FILE: "${file}" cannot be read; must be a file this user may read`);
  }
  throw new Failure(EXIT.settings, `${name}_FILE: "${file}" is empty`);
}

/**
 * A key that somebody presents. Never an argument, which every user of the machine can see: it comes from the first line
 * of stdin, from CLAVIGER_KEY or CLAVIGER_KEY_FILE, or is asked for without being shown. Throws `Failure`.
 */
export async function readPresentedKey(io: Io, fromStdin: boolean): Promise<Secret> {
  const set = fromStdin ? null : readSecret(io, KEY);
  if (set !== null) return set;
  const line = io.stdinIsTerminal ? await askHidden(io, "key: ") : firstLine(await readAll(io));
  if (line !== "") return new Secret(line);
  throw new Failure(EXIT.usage, `claviger: no key was given; give it on stdin, or as ${KEY} or ${KEY}_FILE`);
}

/** All of stdin as text. */
export async function readAll(io: Io): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

function firstLine(text: string): string {
  return (text.split(/\r?\n/, 1)[0] ?? "").trim().slice(0, LONGEST);
}

async function askHidden(io: Io, question: string): Promise<string> {
  io.errRaw(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise((resolve) => {
      lines.once("line", (line) => resolve(firstLine(line)));
      lines.once("close", () => resolve(""));
    });
  } finally {
    lines.close();
    io.err("");
  }
}
