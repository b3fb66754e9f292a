export interface IpAddress {
  readonly family: 4 | 6;
  readonly words: readonly number[];
}
export function parseIp(_text: string): IpAddress | null {
  throw new TypeError("not written yet");
}
