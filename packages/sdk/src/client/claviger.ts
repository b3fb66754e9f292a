import { systemClock } from "../clock.ts";
import { OPERATIONS, type Operations } from "../generated/operations.ts";
import { systemRandom } from "../random.ts";
import { checkCredential, checkNumber, checkUrl } from "../settings.ts";
import { type Call, callOf, type Described } from "./call.ts";
import { type Page, pagesOf } from "./pages.ts";
import { createTransport, type Transport } from "./transport.ts";

export interface ClavigerOptions {
  /** Address of Claviger, such as `https://claviger.example.com`. */
  readonly url: string;
  /** A management key. A secret: it is printed as `***`, and is in no error and no address. */
  readonly managementKey: string;
  /** How long one attempt may take, in milliseconds: 100 to 600 000, default 30 000. A revocation may take the lease term. */
  readonly timeoutMs?: number | undefined;
  /** How often what is safe to repeat is sent again: 0 to 10, default 2. */
  readonly retries?: number | undefined;
  /** Longest pause before that, in milliseconds: 0 to 600 000, default 30 000. What asks for a longer one is not repeated. */
  readonly maxRetryWaitMs?: number | undefined;
  /** Needed for an address of plain HTTP beyond this machine. Default false. */
  readonly allowPlaintext?: boolean | undefined;
  /** Default: the platform's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** The management client: every operation of the API, as `claviger.<noun>.<verb>()`. */
export type Claviger = Operations;

/**
 * ```ts
 * const claviger = new Claviger({ url, managementKey });
 * const { key, secret } = await claviger.keys.create({ account: "ext:acme", environment: "live", label: "Sync", tier: "read" });
 * for await (const each of claviger.keys.list({ account: "ext:acme" })) console.log(each.label);
 * await claviger.keys.revoke(key.id, { reason: "unused" });
 * ```
 *
 * Operations throw ClavigerApiError for what Claviger answers, ClavigerConnectionError where there is no answer.
 *
 * @throws TypeError for options that cannot work; none names a secret
 */
export const Claviger: new (options: ClavigerOptions) => Claviger = class {
  readonly #url: string;

  constructor(options: ClavigerOptions) {
    const url = checkUrl(options.url, options.allowPlaintext === true);
    const transport = createTransport({
      url,
      managementKey: checkCredential("managementKey", options.managementKey),
      timeoutMs: checkNumber("timeoutMs", options.timeoutMs, 100, 600_000, 30_000),
      retries: checkNumber("retries", options.retries, 0, 10, 2),
      maxRetryWaitMs: checkNumber("maxRetryWaitMs", options.maxRetryWaitMs, 0, 600_000, 30_000),
      clock: systemClock,
      random: systemRandom,
      fetch: options.fetch ?? globalThis.fetch,
    });
    this.#url = url;
    Object.assign(this, operationsOver(transport));
    Object.freeze(this);
  }

  toJSON(): object {
    return { url: this.#url, managementKey: "***" };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Claviger { url: '${this.#url}', managementKey: *** }`;
  }
} as unknown as new (
  options: ClavigerOptions,
) => Claviger;

function operationsOver(transport: Transport): Operations {
  const nouns = Object.entries(OPERATIONS).map(([noun, verbs]) => {
    const methods = Object.entries(verbs).map(([verb, operation]) => [verb, methodOf(operation, transport)] as const);
    return [noun, Object.freeze(Object.fromEntries(methods))] as const;
  });
  return Object.fromEntries(nouns) as unknown as Operations;
}

function methodOf(operation: Described, transport: Transport): (...given: unknown[]) => unknown {
  if (operation.answers !== "pages") return async (...given) => transport(callOf(operation, given));
  return (...given) => {
    const call = callOf(operation, given);
    const at = (cursor: string | undefined): Call =>
      cursor === undefined ? call : { ...call, query: { ...call.query, cursor } };
    return pagesOf((cursor) => transport(at(cursor)) as Promise<Page<unknown>>);
  };
}
