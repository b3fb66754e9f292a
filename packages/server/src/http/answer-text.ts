import type { Answer } from "../kernel/route.ts";

/** The body of an answer as it is sent; undefined where there is none. */
export function textOf({ body, json, contentType }: Answer): string | undefined {
  if (json !== undefined) return json;
  if (body === undefined) return undefined;
  return contentType === undefined || contentType.includes("json") ? JSON.stringify(body) : String(body);
}
