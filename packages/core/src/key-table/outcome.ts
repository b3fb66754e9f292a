import { REFUSAL_CODES, type RefusalCode, type Verdict } from "../verdict/verdict.ts";

/**
 * What a check came to, as one number, so that it costs no allocation: the record's number in the upper bits and the code
 * in the lower five. It is about the table as it was: use it before the table is changed, in the same synchronous block.
 */
export type Outcome = number;

/** No record has this hash: the string is to be assessed, and may be worth a look-up. */
export const UNKNOWN: Outcome = -1;

const CODES: readonly Verdict["code"][] = Object.freeze(["VALID", ...REFUSAL_CODES]);
const CODE_BITS = 5;

/** The number of a code; 0 is VALID. */
export function codeNumber(code: Verdict["code"]): number {
  return CODES.indexOf(code);
}

export function codeAt(number: number): "VALID" | RefusalCode {
  const code = CODES[number];
  if (code === undefined) throw new TypeError(`there is no code ${number}`);
  return code;
}

export function outcomeOf(record: number, code: number): Outcome {
  return (record << CODE_BITS) | code;
}

export function recordNumberOf(outcome: Outcome): number {
  return outcome >> CODE_BITS;
}

/** The number of the code; 0 is VALID. */
export function codeNumberOf(outcome: Outcome): number {
  return outcome & ((1 << CODE_BITS) - 1);
}

/** The same outcome with another code: for what refuses after the table was asked, such as a limit. */
export function refusedWith(outcome: Outcome, code: RefusalCode): Outcome {
  return outcomeOf(recordNumberOf(outcome), codeNumber(code));
}

/** Whether the key was accepted. */
export function isValid(outcome: Outcome): boolean {
  return outcome >= 0 && (outcome & ((1 << CODE_BITS) - 1)) === 0;
}

/** @throws TypeError for UNKNOWN */
export function codeOf(outcome: Outcome): "VALID" | RefusalCode {
  if (outcome < 0) throw new TypeError("an unknown string has no code yet");
  return codeAt(codeNumberOf(outcome));
}
