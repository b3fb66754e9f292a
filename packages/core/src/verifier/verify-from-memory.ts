import type { Moment } from "../coherence/moment.ts";
import { MAX_KEY_LENGTH, MIN_KEY_LENGTH } from "../key-format/layout.ts";
import { isValid, type Outcome, refusedWith, UNKNOWN } from "../key-table/outcome.ts";
import type { KeyTable } from "../key-table/table-types.ts";
import type { KeyFacts } from "../key-table/told-verdict.ts";
import type { Catalogue } from "../scopes/catalogue.ts";
import { REFUSAL_CODES, type RefusalCode, refusal, type Verdict, type VerifyRequest } from "../verdict/verdict.ts";

/** What a verification is decided from. All of it is asked anew each time, and nothing of it may wait. */
export interface VerifyPorts<Shared extends object, Standing, Request extends VerifyRequest = VerifyRequest> {
  readonly table: KeyTable<Shared>;
  /** SHA-256 of the UTF-8 of a string, in the form that the table takes. */
  hashOf(secret: string): string;
  /** Reads both clocks. */
  now(): Moment;
  /** The time to decide by, in milliseconds since the epoch; null where nothing may be decided now, for want of a lease. */
  decisionTime(now: Moment): number | null;
  /** Undefined where it must be read first. */
  catalogue(): Catalogue | undefined;
  /**
   * What a string is that the table does not know: `assessKey`, and `foreign` where it may be an imported key of another form. One that is
   * known to be nobody's is `forged`. Undefined where the tag keys must be read first.
   */
  assess(secret: string): "malformed" | "forged" | "genuine" | "foreign" | undefined;
  /** Whether keys of other forms were imported, and a string may be one. Left out: there are none. */
  isForeign?(secret: string): boolean;
  /** Whether what is shared is that of a key that callers present. Any other key is told as unknown. */
  isCallers(shared: Shared | null): boolean;
  /**
   * Spends from the limits of a key that is accepted otherwise; null where none binds it. Called last, because a request
   * that is refused for whatever reason spends nothing. Must not change the table.
   */
  spend(hash: string, outcome: Outcome, request: Request, now: Moment): Spent<Standing> | null;
}

export type Spent<Standing> =
  | { readonly kind: "accepted"; readonly standing: Standing }
  | { readonly kind: "refused"; readonly code: RefusalCode; readonly standing: Standing }
  /** Memory cannot tell. Once `ready` has resolved, ask again about the whole request. */
  | { readonly kind: "wait"; readonly ready: Promise<void> }
  /** Nothing can be spent here now, or was; somebody else has to give the verdict. */
  | { readonly kind: "elsewhere" };

export interface Verification<Standing> {
  readonly verdict: Verdict;
  /** Who the key is; null where none was found. Reading it makes no record. */
  readonly key: KeyFacts | null;
  /** How the limits stand; null where none was asked: none binds the key, or something else refused first. */
  readonly standing: Standing | null;
}

/**
 * What memory lacks: the key, with the catalogue or the tag keys that it takes to judge it; budget of a limit; or a right to spend
 * from it, so that the verdict is not to be had here.
 */
export type Lack = { readonly verdict?: undefined } & (
  | { readonly lacks: "key" | "verdict" }
  | { readonly lacks: "budget"; readonly ready: Promise<void> }
);

const KEY: Lack = Object.freeze({ lacks: "key" });
const VERDICT: Lack = Object.freeze({ lacks: "verdict" });
const UNKNOWN_KEYS = Object.freeze(
  Object.fromEntries(
    REFUSAL_CODES.map((code) => [code, Object.freeze({ verdict: refusal(code), key: null, standing: null })]),
  ),
) as Readonly<Record<RefusalCode, Verification<never>>>;
const { MALFORMED, NOT_FOUND, UNAVAILABLE } = UNKNOWN_KEYS;

const EXTERNAL = "ext:";

/** The answer about a string for which no key was found: one frozen object for each code. */
export function unknownKey(code: RefusalCode): Verification<never> {
  return UNKNOWN_KEYS[code];
}

/**
 * The whole of a verification in one synchronous block, in the order that keeps garbage cheap and answers safe: length,
 * hash, fresh clocks and lease, look-up and decision, limits, usage; checksum and keyed tag only where no key has the
 * hash. Never throws for anything a caller can send.
 *
 * @param secret the presented string; `request.account` may be the owner's own name of the account, as `ext:<name>`
 */
export function verifyFromMemory<Shared extends object, Standing, Request extends VerifyRequest>(
  ports: VerifyPorts<Shared, Standing, Request>,
  secret: string,
  request: Request,
): Verification<Standing> | Lack {
  if (typeof secret !== "string") return MALFORMED;
  const { length } = secret;
  if ((length < MIN_KEY_LENGTH || length > MAX_KEY_LENGTH) && ports.isForeign?.(secret) !== true) return MALFORMED;
  const { table } = ports;
  const hash = ports.hashOf(secret);
  const now = ports.now();
  const at = ports.decisionTime(now);
  if (at === null) return UNAVAILABLE;
  const catalogue = ports.catalogue();
  if (catalogue === undefined) return unheld(ports, secret);
  let asked: VerifyRequest = request;
  let outcome = table.check(hash, asked, catalogue, at);
  if (outcome === UNKNOWN) return unheld(ports, secret);
  if (!ports.isCallers(table.sharedOf(outcome))) return NOT_FOUND;
  if (request.account !== undefined && namesOwnAccount(table, outcome, request.account)) {
    asked = { ...request, account: undefined };
    outcome = table.check(hash, asked, catalogue, at);
  }
  const spent = isValid(outcome) ? ports.spend(hash, outcome, request, now) : null;
  if (spent !== null && spent.kind === "wait") return { lacks: "budget", ready: spent.ready };
  if (spent !== null && spent.kind === "elsewhere") return VERDICT;
  if (spent !== null && spent.kind === "refused") outcome = refusedWith(outcome, spent.code);
  table.countUse(outcome, at);
  const verdict = table.verdictOf(outcome, asked, catalogue, at);
  return { verdict, key: verdict, standing: spent === null ? null : spent.standing };
}

function unheld(ports: Pick<VerifyPorts<object, unknown>, "assess">, secret: string): Verification<never> | Lack {
  const assessed = ports.assess(secret);
  if (assessed === "malformed") return MALFORMED;
  return assessed === "forged" ? NOT_FOUND : KEY;
}

/** Whether it is the owner's name of this key's account. Any other matches nothing. */
function namesOwnAccount(table: KeyTable<object>, outcome: Outcome, account: string): boolean {
  if (typeof account !== "string" || !account.startsWith(EXTERNAL)) return false;
  return account.slice(EXTERNAL.length) === table.accountNoteOf(outcome);
}
