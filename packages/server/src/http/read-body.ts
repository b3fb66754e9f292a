import { ClavigerError } from "@claviger/core";

/** Bytes of a request body at most; a batch of 1 000 checks fits. */
export const BODY_LIMIT = 2_000_000;

/** Reads a JSON body within bounds. An absent body is undefined. Throws PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON. */
export async function readJson(request: Request): Promise<{ value: unknown; bytes: Uint8Array }> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return { value: undefined, bytes };
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "application/json" && !/^application\/[a-z0-9.+-]+\+json$/.test(type)) {
    throw new ClavigerError("UNSUPPORTED_MEDIA_TYPE");
  }
  return { value: parseJson(bytes), bytes };
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_LIMIT) throw new ClavigerError("PAYLOAD_TOO_LARGE");
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new ClavigerError("PAYLOAD_TOO_LARGE");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

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
