import type { Secret, Timers } from "@claviger/core";
import type { HookMetrics } from "../../kernel/hook-metrics.ts";
import type { ImportHookConfig } from "../../kernel/import-hook-settings.ts";
import type { Logger } from "../../kernel/log.ts";
import { createCallOutside, type ResolveName, resolveName } from "../../kernel/outgoing/index.ts";
import { askByHttp } from "./ask-by-http.ts";
import { type HookAnswer, readAnswers } from "./hook-answer.ts";
import type { ImportPorts, Reading } from "./import-lines.ts";
import { importPresented } from "./import-presented.ts";
import { OldStore } from "./old-store.ts";

/** A function of the program that carries the node, which answers as an endpoint does, or by a promise; late, or never. */
export type ImportHook = (key: string, context: { readonly signal: AbortSignal }) => unknown;

export interface OldStoreOptions {
  readonly config: { readonly importHook: ImportHookConfig | null; readonly allowPrivateTargets: boolean };
  /** Asked instead of an endpoint. */
  readonly importHook?: ImportHook | undefined;
  readonly resolve?: ResolveName | undefined;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: HookMetrics;
}

/** How the contract reads what is answered. Both throw VALIDATION_FAILED. */
export interface HookReading extends Pick<Reading, "fields" | "parse"> {
  parseAnswer(answer: unknown): HookAnswer;
}

/** Null where there is nobody to ask. */
export function oldStoreBy(ports: ImportPorts, reading: HookReading, options: OldStoreOptions): OldStore | null {
  const { config, importHook, timers, logger, metrics } = options;
  const bounds = config.importHook;
  const hook = importHook ?? bounds?.endpoint ?? null;
  if (bounds === null || hook === null) return null;
  const ask = typeof hook === "function" ? askFunction(hook) : askByHttp(httpPorts(ports, options), hook);
  const take = (secret: Secret, described: object): Promise<boolean> =>
    importPresented(ports, reading, secret, described);
  const { clock } = ports;
  return new OldStore({ clock, timers, logger, metrics, take, ask: readAnswers(ask, reading.parseAnswer) }, bounds);
}

function askFunction(hook: ImportHook) {
  return async (key: Secret, signal: AbortSignal): Promise<unknown> => hook(key.reveal(), { signal });
}

function httpPorts({ clock, keys }: ImportPorts, { config, resolve = resolveName }: OldStoreOptions) {
  return { call: createCallOutside({ allowPrivate: config.allowPrivateTargets, resolve }), clock, ids: keys.ids };
}
