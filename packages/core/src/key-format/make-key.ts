import type { HashFn } from "./keyed-tag.ts";
export interface MakeKeyInput {
  readonly prefix: string;
  readonly tag: string;
  readonly tagKey: Uint8Array;
  readonly randomBytes: (n: number) => Uint8Array;
  readonly sha256: HashFn;
}
export function makeKey(_input: MakeKeyInput): string {
  throw new TypeError("not written yet");
}
