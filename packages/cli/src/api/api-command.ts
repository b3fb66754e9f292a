import type { Operation } from "@claviger/contract";
import type { ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { ApiAnswer, ApiRequest } from "./call.ts";
import type { Service } from "./service.ts";

/** A command that calls one operation of the contract and is named like it. */
export interface ApiCommand {
  readonly operation: Operation;
  /** Whole command lines, for the help text. */
  readonly examples: readonly string[];
  /** Fields shown of each thing in a list, in order; a dot leads into a field. */
  readonly columns?: readonly string[];
  /** The question that is asked before it, where it takes something away for good; `{…}` stand for arguments. */
  readonly question?: string;
  /** Fields of the body that it sends unless flags say otherwise, or --yes that nobody is to be asked. */
  readonly sends?: Readonly<Record<string, unknown>>;
  /** The field of the body that holds a presented key, which is never typed as an argument. */
  readonly keyField?: string;
  /** Prints the answer for people, where it is more than fields or a list. */
  print?(io: Io, body: Record<string, unknown>): void;
  /** Calls the operation, where that takes more than one request. */
  carryOut?(io: Io, service: Service, request: ApiRequest): Promise<ApiAnswer>;
  /** How the process ends after this answer; 0 where it is not said. */
  exitCode?(body: unknown): ExitCode;
}

/** `revoke-self` of `keys.revoke-self`. */
export function verbOf({ operation }: ApiCommand): string {
  return operation.id.split(".")[1] ?? operation.id;
}

/** Arguments in the order of the path. */
export function argumentsOf({ operation }: ApiCommand): string[] {
  return [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}
