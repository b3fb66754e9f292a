/** Programs that the operator has named, each with its first arguments. */
export type StoreCommands = Readonly<Record<string, readonly string[]>>;

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const MOST = 20;

/** Null for what is none: `{"name": ["/absolute/path", "argument"]}`. */
export function parseStoreCommands(text: string): StoreCommands | null {
  const parsed = parse(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  const entries = Object.entries(parsed as Record<string, unknown>);
  if (entries.length > MOST || !entries.every(([name, command]) => NAME.test(name) && isCommand(command))) return null;
  return parsed as StoreCommands;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCommand(command: unknown): boolean {
  return (
    Array.isArray(command) &&
    command.length <= MOST &&
    command.every((part) => typeof part === "string" && part.length <= 1_000 && !part.includes("\0")) &&
    /^\/./.test(String(command[0] ?? ""))
  );
}
