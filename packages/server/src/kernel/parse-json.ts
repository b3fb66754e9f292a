import { ClavigerError } from "@claviger/core";

/** Levels of arrays and objects at most; whatever reads a body may do so level by level. */
const DEEPEST = 40;

/** Throws VALIDATION_FAILED. Looks at the text, because a parsed value of that depth is what must not be walked. */
function refuseDeep(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) quoted = !quoted;
    else if (code === BACKSLASH && quoted) index += 1;
    else if (quoted) continue;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) depth += 1;
    else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
    if (depth > DEEPEST) {
      throw new ClavigerError("VALIDATION_FAILED", {
        errors: [{ path: "", message: `must be at most ${DEEPEST} levels deep` }],
      });
    }
  }
}

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125];

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Throws MALFORMED_JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = utf8.decode(bytes);
    // A field of this name could become the prototype of an object that is built from the body.
    if (/"__proto__"\s*:/.test(text))
      throw new ClavigerError("MALFORMED_JSON", { publicDetail: "A field may not be named __proto__." });
    refuseDeep(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof ClavigerError) throw error;
    throw new ClavigerError("MALFORMED_JSON");
  }
}
