import type { Command } from "commander";
import { addFlags } from "../input/add-flags.ts";
import { meaningOf } from "../input/field-help.ts";
import { type Flag, flagsOf } from "../input/flag.ts";
import type { Io } from "../io.ts";
import type { Outcome } from "../outcome.ts";
import { type ApiCommand, argumentsOf } from "./api-command.ts";
import { runApi } from "./run.ts";

/** Makes `command` call the operation: arguments from its path, flags from its body and query. */
export function registerApi(command: Command, definition: ApiCommand, io: Io, outcome: Outcome): void {
  const { operation } = definition;
  const flags = flagsOf(operation).filter(({ field }) => field !== definition.keyField);
  const names = argumentsOf(definition);
  command.description(operation.summary);
  for (const name of names) command.argument(`<${name}>`, argumentHelp(operation.id, name));
  addFlags(command, flags);
  addCommonFlags(command, definition, flags);
  command.addHelpText("after", examplesOf(definition));
  command.action(async (...given: unknown[]) => {
    const params = Object.fromEntries(names.map((name, index) => [name, String(given[index])]));
    outcome.exitCode = await runApi({ definition, flags, params, options: command.optsWithGlobals(), io });
  });
}

function argumentHelp(id: string, name: string): string {
  if (id.startsWith("keys.") || id.startsWith("rotation.")) return "id of the key";
  return name === "id" ? `${id.split(".")[0]?.replace(/s$/, "")}: its id, or ext:<your id>` : meaningOf(name);
}

function addCommonFlags(command: Command, definition: ApiCommand, flags: readonly Flag[]): void {
  const { operation } = definition;
  if (presentsKey(definition)) command.option("--key-stdin", "read the key from stdin, even where CLAVIGER_KEY is set");
  if (flags.some(({ place }) => place === "body")) {
    command.option("--data <json>", "the whole body as JSON, @<file>, or - for stdin; flags win over it");
  }
  if (operation.method === "POST" && operation.audit.length > 0) {
    command.option("--idempotency-key <text>", "a repeat with the same one is answered the same and done once");
  }
  if (operation.tag === "takes") command.option("--if-match <etag>", "only if nothing was done since that was shown");
  if (flags.some(({ field }) => field === "cursor")) command.option("--all", "every page");
  if (definition.question !== undefined) command.option("--yes", "do not ask first");
  command.option("--json", "print the answer as JSON");
  command.option("--url <url>", "address of the service (default CLAVIGER_URL, else http://127.0.0.1:4700)");
}

/** Whether the command is about a key that the caller holds. */
function presentsKey(definition: ApiCommand): boolean {
  return definition.keyField !== undefined || definition.operation.access.kind === "holder";
}

function examplesOf(definition: ApiCommand): string {
  const { access } = definition.operation;
  const credential =
    access.kind === "management"
      ? [`\nNeeds CLAVIGER_MANAGEMENT_KEY (or CLAVIGER_MANAGEMENT_KEY_FILE) with the scope ${access.scope}.`]
      : [];
  const key = presentsKey(definition)
    ? ["\nThe key comes from stdin, CLAVIGER_KEY or CLAVIGER_KEY_FILE; never from an argument, which others could see."]
    : [];
  return ["\nExamples:", ...definition.examples.map((line) => `  $ ${line}`), ...credential, ...key].join("\n");
}
