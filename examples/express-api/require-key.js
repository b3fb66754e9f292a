import { presentedKey } from "./presented-key.js";
import { refusalOf } from "./refusals.js";

/**
 * Lets a request pass only if Claviger says, now, that its key may make it. `request.caller` then tells who calls.
 *
 * Every doubt refuses: no answer in time, another status than 200, an answer that is not understood, a code that is not
 * known. Nothing is remembered between requests, so a revoked key is refused on the next one. The key goes to Claviger
 * and nowhere else.
 *
 * @param {object} options
 * @param {string} options.url Address of Claviger
 * @param {string} options.credential A management key with the scope `verify`, bound to the environment of this API
 * @param {number} [options.timeoutMs] How long an answer may take, in milliseconds; default 2 000
 * @param {(message: string) => void} [options.warn] Told why a key could not be checked, never told a key
 * @returns {import("express").RequestHandler}
 */
export function requireKey({ url, credential, timeoutMs = 2000, warn = console.warn }) {
  const verifyUrl = new URL("/v1/verify", url);
  return async (request, response, next) => {
    // What one key may see is not for shared caches.
    response.set("Cache-Control", "private, no-store");
    const presented = presentedKey(request);
    if (presented.refusal !== undefined) return refuse(response, presented.refusal);
    const question = questionFor(request, presented.key);
    let verdict;
    try {
      verdict = await ask(verifyUrl, credential, timeoutMs, question);
    } catch (error) {
      warn(`a key could not be checked: ${error.name}: ${error.message}`);
      return refuse(response, refusalOf({ code: "UNAVAILABLE" }));
    }
    // A verdict on less than the route, such as an identity alone, was not asked for and is not enough.
    if (verdict.valid !== true || verdict.code !== "VALID" || verdict.checked !== "route" || verdict.route === null) {
      return refuse(response, refusalOf(verdict));
    }
    request.caller = Object.freeze({ keyId: verdict.keyId, account: verdict.account });
    next();
  };
}

/** What is known of a request. Address and origin matter to keys that are bound to some. */
function questionFor(request, key) {
  return {
    key,
    method: request.method,
    path: request.originalUrl.slice(0, 4096),
    ip: request.ip?.replace(/%.*$/, ""),
    origin: bounded(request.get("origin"), 300),
    referrer: bounded(request.get("referer"), 2048),
    userAgent: request.get("user-agent")?.slice(0, 1000),
  };
}

/** What is too long is left out rather than cut: half an origin is another one. */
function bounded(text, longest) {
  return text !== undefined && text.length <= longest ? text : undefined;
}

/** Throws for everything but an answer of the right form. No message holds the key. */
async function ask(url, credential, timeoutMs, question) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${credential}`, "Content-Type": "application/json" },
    body: JSON.stringify(question),
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new TypeError(`Claviger answered ${answer.status}`);
  }
  const verdict = await answer.json();
  if (typeof verdict?.valid !== "boolean" || typeof verdict.code !== "string") {
    throw new TypeError("Claviger's answer is not a verdict");
  }
  return verdict;
}

function refuse(response, { status, headers, code, detail }) {
  response
    .status(status)
    .set(headers)
    .type("application/problem+json")
    .send(JSON.stringify({ type: "about:blank", title: detail, status, code }));
}
