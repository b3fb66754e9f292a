import type { Secret } from "@claviger/core";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { usageFailure } from "../failure.ts";
import { typedOf } from "../input/add-flags.ts";
import { confirm } from "../input/confirm.ts";
import type { Flag } from "../input/flag.ts";
import { flagValue } from "../input/flag-value.ts";
import { isObject, parseJsonFlag } from "../input/json-value.ts";
import { readAll, readPresentedKey } from "../input/secrets.ts";
import type { Io } from "../io.ts";
import { printAnswer } from "../output/answer.ts";
import { printPages } from "../output/pages.ts";
import type { ApiCommand } from "./api-command.ts";
import { ApiProblem, type ApiRequest, callApi, plainTypeOf, streamApi } from "./call.ts";
import { findService, requireManagementKey, type Service } from "./service.ts";

export interface ApiRun {
  readonly definition: ApiCommand;
  readonly flags: readonly Flag[];
  readonly params: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly io: Io;
}

/** Calls the operation and prints its answer. Throws `Failure`; a refusal of the service is printed, and ends with 1. */
export async function runApi(run: ApiRun): Promise<ExitCode> {
  const { definition, options, io } = run;
  const service = findService(io, textOf(options.url));
  const question = definition.question?.replace(/\{(\w+)\}/g, (_, name: string) => run.params[name] ?? "");
  const body = await bodyOf(run);
  const bearer = await bearerOf(run);
  if (question !== undefined && !isDryRun(body)) await confirm(io, question, options.yes === true);
  const request: ApiRequest = {
    ...{ operation: definition.operation, params: run.params, bearer, body },
    query: fieldsOf(run, "query"),
    ...{ idempotencyKey: textOf(options.idempotencyKey), ifMatch: textOf(options.ifMatch) },
  };
  try {
    return await callAndPrint(run, service, request);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    printProblem(io, error, options.json === true);
    return EXIT.failed;
  }
}

function isDryRun(body: unknown): boolean {
  return isObject(body) && body.dryRun === true;
}

async function callAndPrint(run: ApiRun, service: Service, request: ApiRequest): Promise<ExitCode> {
  const { definition, options, io } = run;
  const json = options.json === true;
  if (options.all === true) {
    await printPages(io, service, request, { json, columns: definition.columns ?? [] });
    return EXIT.ok;
  }
  if (plainTypeOf(definition.operation) !== null) {
    await streamApi(service, request, io.outRaw);
    return EXIT.ok;
  }
  const answer = await (definition.carryOut?.(io, service, request) ?? callApi(service, request));
  if (!json && definition.print !== undefined && isObject(answer.body)) definition.print(io, answer.body);
  else printAnswer(io, answer, { json, columns: definition.columns ?? [] });
  return definition.exitCode?.(answer.body) ?? EXIT.ok;
}

async function bearerOf({ definition, options, io }: ApiRun): Promise<Secret | null> {
  const { access } = definition.operation;
  if (access.kind === "public") return null;
  return access.kind === "management" ? requireManagementKey(io) : readPresentedKey(io, options.keyStdin === true);
}

async function bodyOf(run: ApiRun): Promise<unknown> {
  const { definition, options, io } = run;
  if (definition.operation.body === undefined) return undefined;
  const data = await dataOf(io, textOf(options.data));
  const fields = { ...(options.yes === true ? {} : definition.sends), ...data, ...fieldsOf(run, "body") };
  const missing = run.flags.filter(({ place, required, field }) => place === "body" && required && !(field in fields));
  if (missing.length > 0) throw usageFailure(`missing ${missing.map(({ name }) => name).join(", ")}`);
  if (definition.keyField === undefined) return fields;
  // Of a body given as a whole, the key may be a part.
  if (definition.keyField in fields) return fields;
  const key = await readPresentedKey(io, options.keyStdin === true);
  return { ...fields, [definition.keyField]: key.reveal() };
}

async function dataOf(io: Io, given: string | undefined): Promise<Record<string, unknown>> {
  if (given === undefined) return {};
  const value = parseJsonFlag("--data", given === "-" ? await readAll(io) : given);
  if (isObject(value)) return value;
  throw usageFailure("--data: must be a JSON object");
}

function fieldsOf({ flags, options }: ApiRun, place: Flag["place"]): Record<string, unknown> {
  const values = flags
    .filter((flag) => flag.place === place)
    .map((flag): [string, unknown] => [flag.field, flagValue(flag, typedOf(flag, options))]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function printProblem(io: Io, { problem, text }: ApiProblem, json: boolean): void {
  if (json) io.out(text);
  io.err(`${problem.code}: ${problem.detail}`);
  for (const { path, message } of problem.errors) io.err(path === "" ? `  ${message}` : `  ${path}: ${message}`);
  if (problem.status >= 500) io.err(`  request ${problem.requestId}`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
