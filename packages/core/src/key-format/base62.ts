export const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
export function encodeBase62(_n: bigint | number, _width: number): string {
  throw new TypeError("not written yet");
}
