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
  try {
    tell(response.headers, passage, request);
    return response;
  } catch {
    // Redirections and answers of `fetch` have headers that cannot be changed.
    const open = new Response(response.body, response);
    tell(open.headers, passage, request);
    return open;
  }
}

function tell(into: Headers, passage: Passage, request: Request): void {
  const { headers } = passage;
  for (const name in headers) into.set(name, headers[name] ?? "");
  if (isForOneKey(passage) && !into.has(CACHING)) into.set(CACHING, NOT_SHARED);
  if (!request.headers.has("origin")) return;
  const names = exposed(headers, into.get(EXPOSE));
  if (names !== "") into.set(EXPOSE, names);
}

const EXPOSE = "Access-Control-Expose-Headers";
