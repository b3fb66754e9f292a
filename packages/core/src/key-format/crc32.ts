/**
 * The CRC-32 that zlib, PNG and Ethernet use: reflected polynomial 0xEDB88320, initial and final value all ones. Signed,
 * because the engine keeps signed 32-bit numbers without boxing them.
 */
const TABLE = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  TABLE[byte] = value;
}

/**
 * CRC-32/ISO-HDLC of the first `length` characters of an ASCII text (all of them unless told), as an unsigned 32-bit
 * number.
 *
 * @throws TypeError if one of them is not ASCII, for then there would be more than one way to count its bytes.
 */
export function crc32(ascii: string, length: number = ascii.length): number {
  let crc = -1;
  let seen = 0;
  for (let i = 0; i < length; i++) {
    const code = ascii.charCodeAt(i);
    seen |= code;
    crc = (crc >>> 8) ^ (TABLE[(crc ^ code) & 0xff] ?? 0);
  }
  if (seen > 0x7f) throw new TypeError("the checksum is defined over ASCII only");
  return ~crc >>> 0;
}
