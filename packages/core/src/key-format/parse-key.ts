export const MIN_KEY_LENGTH = 42;
export const MAX_KEY_LENGTH = 55;
export const KEY_PATTERN = "[a-z0-9]{2,12}_[a-z0-9]{2,4}_[0-9A-Za-z]{36}";
export interface ParsedKey {
  readonly ok: true;
  readonly prefix: string;
  readonly tag: string;
  readonly random: string;
  readonly keyedTag: string;
  readonly checksum: string;
}
export interface ParseKeyFailure {
  readonly ok: false;
  readonly reason: "shape" | "length" | "checksum";
}
export function parseKey(_text: string): ParsedKey | ParseKeyFailure {
  throw new TypeError("not written yet");
}
export function previewKey(_text: string): string {
  throw new TypeError("not written yet");
}
export function checkKeyPrefix(_prefix: string): string | null {
  throw new TypeError("not written yet");
}
export function checkKeyTag(_tag: string): string | null {
  throw new TypeError("not written yet");
}
