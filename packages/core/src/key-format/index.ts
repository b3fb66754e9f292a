export { BASE62, encodeBase62 } from "./base62.ts";
export { crc32 } from "./crc32.ts";
export { containsKey, withoutKeys } from "./find-keys.ts";
export { assessKey, type HashFn, type HashTextFn, hasGenuineTag, keyedTagOf } from "./keyed-tag.ts";
export { checkKeyPrefix, checkKeyTag, KEY_PATTERN, MAX_KEY_LENGTH, MIN_KEY_LENGTH } from "./layout.ts";
export { type MakeKeyInput, makeKey } from "./make-key.ts";
export { type ParsedKey, type ParseKeyFailure, parseKey, previewKey } from "./parse-key.ts";
export { type KeyFormatRules, keyFormatRules } from "./rules.ts";
