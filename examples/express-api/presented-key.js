import { badRequest, refusalOf } from "./refusals.js";

/** How a key of any Claviger looks. `GET /v1/key-format` of yours tells the pattern for its keys alone. */
const LOOKS_LIKE_A_KEY = /(?<![a-z0-9])[a-z0-9]{2,12}_[a-z0-9]{2,4}_[0-9A-Za-z]{36}(?![0-9A-Za-z])/;
const LONGEST = 4096;

/**
 * The one key of a request, from `Authorization: Bearer` or `X-API-Key`.
 *
 * @returns {{ key: string, refusal?: undefined } | { refusal: object }}
 */
export function presentedKey(request) {
  // A URL ends up in logs and histories, so a key in it has leaked.
  if (LOOKS_LIKE_A_KEY.test(decoded(request.originalUrl))) {
    return { refusal: badRequest("KEY_IN_QUERY", "A key was sent in the URL. Send it in a header, and rotate it.") };
  }
  // `headersDistinct` shows what was sent twice; the plain headers hide it.
  const sent = [
    ...(request.headersDistinct.authorization ?? []).flatMap(bearer),
    ...(request.headersDistinct["x-api-key"] ?? []).map((text) => text.trim()),
  ];
  if (sent.length > 1) return { refusal: badRequest("TWO_CREDENTIALS", "Send one key, in one header.") };
  const [key] = sent;
  if (key === undefined || key === "") return { refusal: refusalOf({ code: "UNAUTHENTICATED" }) };
  if (key.length > LONGEST) return { refusal: refusalOf({ code: "MALFORMED" }) };
  return { key };
}

/** Other schemes, such as Basic, are none of our business. */
function bearer(header) {
  const match = /^bearer +(.*)$/i.exec(header.trim());
  return match === null ? [] : [match[1].trim()];
}

function decoded(url) {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
