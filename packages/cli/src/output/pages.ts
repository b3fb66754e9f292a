import type { ApiRequest } from "../api/call.ts";
import { allPages } from "../api/pages.ts";
import type { Service } from "../api/service.ts";
import type { Io } from "../io.ts";
import type { Shown } from "./answer.ts";
import { createTable } from "./table.ts";

/** Prints all pages of a list as one, while they come. With `json` as one document in the form of a single page. */
export async function printPages(
  io: Io,
  service: Service,
  request: ApiRequest,
  { json, columns }: Shown,
): Promise<void> {
  const add = json ? jsonPrinter(io) : createTable(io, columns).add;
  let count = 0;
  for await (const { data } of allPages(service, request)) {
    count += data.length;
    if (json || data.length > 0) add(data);
  }
  if (json) io.out('],"nextCursor":null}');
  else if (count === 0) io.err("none");
}

/** The document begins with the first page, so that a refusal of it stands alone. */
function jsonPrinter(io: Io): (items: readonly unknown[]) => void {
  let before: "nothing" | "head" | "item" = "nothing";
  return (items) => {
    if (before === "nothing") {
      io.out('{"data":[');
      before = "head";
    }
    for (const item of items) {
      io.out(`${before === "item" ? "," : ""}${JSON.stringify(item)}`);
      before = "item";
    }
  };
}
