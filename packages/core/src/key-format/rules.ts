import { BASE62 } from "./base62.ts";
import { BODY_LENGTH, CHECKSUM_LENGTH, checkKeyPrefix, checkKeyTag, KEY_PATTERN, MAX_KEY_LENGTH } from "./layout.ts";

/** What `GET /v1/key-format` publishes, so that others can recognise and check this platform's keys. */
export interface KeyFormatRules {
  /**
   * Regular expression source without anchors, good for RE2 as well. What it finds is a candidate; the checksum
   * decides.
   */
  readonly regex: string;
  readonly checksum: {
    readonly algorithm: "CRC-32/ISO-HDLC";
    readonly alphabet: string;
    /** Which part of the key the checksum is over. */
    readonly covers: string;
    /** Characters of the checksum. */
    readonly length: number;
    readonly description: string;
  };
  /** Characters, all of them ASCII. */
  readonly maxLength: number;
  /** A rule for gitleaks, TOML. */
  readonly gitleaks: string;
  /** A custom detector for TruffleHog, YAML. */
  readonly trufflehog: string;
}

/**
 * The rules by which keys with these prefixes and environment tags are found and checked. Without prefixes or without
 * tags the general pattern stands in their place.
 *
 * @throws TypeError on a wrong prefix or tag: only checked text may go into rules for other programs.
 */
export function keyFormatRules(prefixes: readonly string[], tags: readonly string[]): KeyFormatRules {
  for (const prefix of prefixes) throwIfWrong(checkKeyPrefix(prefix));
  for (const tag of tags) throwIfWrong(checkKeyTag(tag));
  const known = { prefixes: distinct(prefixes), tags: distinct(tags) };
  const [anyPrefix = "", anyTag = "", anyBody = ""] = KEY_PATTERN.split("_");
  const regex = [oneOf(known.prefixes, anyPrefix), oneOf(known.tags, anyTag), anyBody].join("_");
  // Both scanners read only files that contain a keyword; without a known prefix the underscore has to do.
  const keywords = known.prefixes.length === 0 ? ["_"] : known.prefixes.map((prefix) => `${prefix}_`);
  return {
    regex,
    checksum: {
      algorithm: "CRC-32/ISO-HDLC",
      alphabet: BASE62,
      covers: `every ASCII byte of the key before its last ${CHECKSUM_LENGTH} characters`,
      length: CHECKSUM_LENGTH,
      description:
        `The last ${CHECKSUM_LENGTH} of the ${BODY_LENGTH} characters after the second underscore are the CRC-32 (the one of zlib: polynomial ` +
        "0x04C11DB7, reflected, initial value and final XOR 0xFFFFFFFF) of all that precedes them, as an unsigned 32-bit number " +
        "in base 62 with the alphabet above, most significant digit first, padded on the left with `0`.",
    },
    maxLength: MAX_KEY_LENGTH,
    gitleaks: gitleaksRule(regex, keywords),
    trufflehog: trufflehogDetector(regex, keywords),
  };
}

function gitleaksRule(regex: string, keywords: readonly string[]): string {
  return [
    "[[rules]]",
    'id = "claviger-api-key"',
    'description = "API key with a checksum, issued by Claviger"',
    `regex = '''(${regex})'''`,
    "secretGroup = 1",
    "entropy = 3",
    `keywords = [${keywords.map((keyword) => `"${keyword}"`).join(", ")}]`,
    "",
  ].join("\n");
}

function trufflehogDetector(regex: string, keywords: readonly string[]): string {
  return [
    "detectors:",
    "  - name: claviger-api-key",
    "    keywords:",
    ...keywords.map((keyword) => `      - "${keyword}"`),
    "    regex:",
    `      key: '(${regex})'`,
    "",
  ].join("\n");
}

function oneOf(names: readonly string[], otherwise: string): string {
  return names.length === 0 ? otherwise : `(?:${names.join("|")})`;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function throwIfWrong(message: string | null): void {
  if (message !== null) throw new TypeError(message);
}
