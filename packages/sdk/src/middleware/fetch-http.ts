import type { Facts, Passage } from "./guard.ts";
import { CACHING, exposed, isForOneKey, NOT_SHARED } from "./refusal.ts";

/** What a `fetch` handler knows of a request. */
export function fetchFacts(request: Request, peer: string | undefined): Facts {
  return { method: request.method, target: targetOf(request.url), headers: request.headers, peer };
}

/** Path and query as they came, percent encoding and all. */
function targetOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start < 0 ? "/" : url.slice(start);
}

/** A response with the headers of a passage in it. */
export function told(response: Response, passage: Passage, request: Request): Response {
  const { headers } = passage;
  const open = writable(response);
  for (const name in headers) open.headers.set(name, headers[name] ?? "");
  if (isForOneKey(passage) && !open.headers.has(CACHING)) open.headers.set(CACHING, NOT_SHARED);
  if (request.headers.has("origin")) {
    const names = exposed(headers, open.headers.get("Access-Control-Expose-Headers"));
    if (names !== "") open.headers.set("Access-Control-Expose-Headers", names);
  }
  return open;
}

/** Redirections and answers of `fetch` have headers that cannot be changed. */
function writable(response: Response): Response {
  try {
    response.headers.delete("Claviger-Key-Expires");
    return response;
  } catch {
    return new Response(response.body, response);
  }
}
