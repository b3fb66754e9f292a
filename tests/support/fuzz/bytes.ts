import type { SeededRandom } from "@claviger/testkit";

/** Bytes are strings of latin1 here, one character each, since they are quicker to put together. */

/** What has broken some service before. */
const NASTY = [
  "",
  " ",
  "\0",
  "\x7f",
  "\xff\xfe",
  "\xc0\xaf",
  "\xed\xa0\x80",
  "\xf4\x90\x80\x80",
  "\xc3\xa9",
  "\xf0\x9f\x94\x91",
  "../",
  "/..;/",
  "//",
  "%00",
  "%2e%2e%2f",
  "%",
  "%zz",
  "%ed%a0%80",
  "%c0%ae",
  "?",
  "#",
  "&",
  "=",
  ",",
  ";",
  "'",
  '"',
  "\\",
  "\\u0000",
  "\\ud800",
  "{",
  "[",
  "<script>",
  "__proto__",
  "constructor",
  "\r\n",
  "\r\nX: y",
  "\n",
  "\t",
  "-1",
  "1e400",
  "NaN",
  "null",
  "0",
  "9".repeat(400),
  "a".repeat(3000),
  "\x80".repeat(500),
  "[".repeat(2000),
  "ext:",
  "ext:platform",
  "platform",
  "*",
  "http://169.254.169.254/",
  "0x7f000001",
  "::ffff:127.0.0.1",
  "2001:db8::/129",
  "999.1.1.1",
  "9999-12-31T23:59:60Z",
  "+275760-09-13T00:00:00.001Z",
];

/** Bytes of any kind: nasty ones, random ones, something good that was changed, or something good with more behind it. */
export function anyBytes(random: SeededRandom, good: readonly string[]): string {
  switch (random.int(5)) {
    case 0:
      return random.pick(NASTY);
    case 1:
      return randomBytes(random, random.int(60));
    case 2:
      return mutate(random, random.pick(good));
    case 3:
      return random.pick(NASTY) + random.pick(good);
    default:
      return random.pick(good) + random.pick(NASTY);
  }
}

export function randomBytes(random: SeededRandom, length: number): string {
  const below = random.pick([128, 256]);
  let bytes = "";
  for (let index = 0; index < length; index += 1) bytes += String.fromCharCode(random.int(below));
  return bytes;
}

/** Changes a few bytes: one is left out, set, put in, or a piece comes twice. */
export function mutate(random: SeededRandom, original: string): string {
  let bytes = original;
  for (let times = random.int(3); times >= 0; times -= 1) {
    const at = random.int(bytes.length + 1);
    const byte = String.fromCharCode(random.int(random.pick([128, 256])));
    const [before, after] = [bytes.slice(0, at), bytes.slice(at)];
    const piece = before.slice(-random.int(40));
    bytes = random.pick([
      before + after.slice(1),
      before + byte + after.slice(1),
      before + byte + after,
      before + piece + after,
    ]);
  }
  return bytes;
}

const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

/** A value of JSON, of any shape and with any text in it, lone surrogates included. */
export function anyValue(random: SeededRandom, good: readonly string[], depth = 0): unknown {
  switch (random.int(depth > 3 ? 5 : 7)) {
    case 0:
      return null;
    case 1:
      return random.int(2) === 0;
    case 2:
      return random.pick([0, -0, -1, 1.5, 1e21, -1e308, 2 ** 53, 2 ** 31, random.int(1000)]);
    case 3:
    case 4:
      return anyText(random, good);
    case 5:
      return Array.from({ length: random.int(4) }, () => anyValue(random, good, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.int(4) }, () => [
          anyText(random, ["all", "any", "name", "amount", "per"]),
          anyValue(random, good, depth + 1),
        ]),
      );
  }
}

/** Characters of any plane, halves of characters too. */
export function anyText(random: SeededRandom, good: readonly string[]): string {
  if (random.int(4) !== 0)
    return Buffer.from(anyBytes(random, good), "latin1").toString(random.pick(["utf8", "latin1"]));
  let text = "";
  for (let length = random.int(40); length > 0; length -= 1) text += String.fromCharCode(random.int(65_536));
  return text;
}

/** The value as JSON, mostly whole: sometimes a byte of it is another, which may end its UTF-8 or its syntax. */
export function jsonBytes(random: SeededRandom, value: unknown): string {
  const text = utf8(JSON.stringify(value) ?? "");
  return random.int(10) === 0 ? mutate(random, text) : text;
}
