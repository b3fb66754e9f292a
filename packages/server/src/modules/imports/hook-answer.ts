import { ClavigerError, type Secret } from "@claviger/core";

/** `key`: what its line in an import would say, without the key itself. */
export type HookAnswer = { readonly known: false } | { readonly known: true; readonly key: object };

/** Why the hook could not be used. The message is a line for logs, and holds nothing that the hook or a caller sent. */
export class HookError extends Error {
  override readonly name = "HookError";
}

/** What the old store says of a key, as `HookAnswer` has it; null where it has no such key that is good. */
export type AskOldStore = (secret: Secret, signal: AbortSignal) => Promise<object | null>;

/** Reads what is answered. `parse`: throws VALIDATION_FAILED. */
export function readAnswers(
  ask: (key: Secret, signal: AbortSignal) => Promise<unknown>,
  parse: (answer: unknown) => HookAnswer,
): AskOldStore {
  return async (key, signal) => {
    const answer = readAnswer(parse, await ask(key, signal));
    return answer.known ? answer.key : null;
  };
}

function readAnswer(parse: (answer: unknown) => HookAnswer, answer: unknown): HookAnswer {
  try {
    return parse(answer);
  } catch (error) {
    if (!(error instanceof ClavigerError)) throw error;
    throw new HookError("its answer is neither {known: false} nor {known: true, key: {…}}");
  }
}

/** What a log may say of it: whoever threw it may have put the key into its message. */
export function whyUnusable(error: unknown): string {
  if (error instanceof HookError) return error.message;
  return error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? `it threw ${error.name}` : "it threw";
}
