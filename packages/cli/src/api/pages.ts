import { isObject } from "../input/json-value.ts";
import { type ApiAnswer, type ApiRequest, callApi } from "./call.ts";
import type { Service } from "./service.ts";

/** One page of a list as the service answers it. */
export interface Page {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

export function pageOf(answer: ApiAnswer): Page | null {
  const { body } = answer;
  if (!isObject(body) || !Array.isArray(body.data)) return null;
  return { data: body.data, nextCursor: typeof body.nextCursor === "string" ? body.nextCursor : null };
}

const LARGEST_PAGE = 200;

/** Every page of a list, each when it is wanted, so that a long list needs no memory. */
export async function* allPages(service: Service, request: ApiRequest): AsyncGenerator<Page> {
  let cursor = request.query.cursor;
  for (;;) {
    const query = { ...request.query, limit: request.query.limit ?? LARGEST_PAGE, cursor };
    const page = pageOf(await callApi(service, { ...request, query }));
    if (page === null) return;
    yield page;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}
