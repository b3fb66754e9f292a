import { readFileSync } from "node:fs";
import { oneLine, usageFailure } from "../failure.ts";

/** Parses the text of a flag as JSON; `@<file>` stands for the file's text. Throws `Failure` that names the flag. */
export function parseJsonFlag(flag: string, text: string): unknown {
  const json = text.startsWith("@") ? readFlagFile(flag, text.slice(1)) : text;
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw usageFailure(`${flag}: is not JSON: ${oneLine(error instanceof Error ? error.message : String(error))}`);
  }
}

function readFlagFile(flag: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw usageFailure(`${flag}: the file "${path}" cannot be read`);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
