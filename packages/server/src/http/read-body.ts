import { ClavigerError } from "@claviger/core";
import { parseJson } from "../kernel/parse-json.ts";

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
