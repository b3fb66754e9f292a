export function crc32(_ascii: string, _length?: number): number {
  throw new TypeError("not written yet");
}
