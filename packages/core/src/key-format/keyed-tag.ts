import type { ParsedKey } from "./parse-key.ts";
export type HashFn = (data: Uint8Array) => Uint8Array;
export function keyedTagOf(_body: string, _tagKey: Uint8Array, _sha256: HashFn): string {
  throw new TypeError("not written yet");
}
export function hasGenuineTag(
  _text: string,
  _parsed: ParsedKey,
  _tagKeys: readonly Uint8Array[],
  _sha256: HashFn,
): boolean {
  throw new TypeError("not written yet");
}
