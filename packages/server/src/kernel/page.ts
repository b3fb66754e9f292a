import { type Cursor, type CursorKind, readCursor, writeCursor } from "./cursor.ts";

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** Rows at most, 1-200. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface PageOrder<T> {
  /** Name of the sort; a cursor of one sort is refused by another. */
  readonly sort: string;
  readonly kinds: readonly CursorKind[];
  valuesOf(row: T): Cursor["values"];
}

/** One page: `select` is given the last row's sort values (null at the start) and one row more than is shown, to know of a next page. */
export async function pageOf<T>(
  request: PageRequest,
  order: PageOrder<T>,
  select: (after: Cursor["values"] | null, count: number) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const after = request.cursor === undefined ? null : readCursor(request.cursor, order.sort, order.kinds);
  const rows = await select(after, request.limit + 1);
  const data = rows.slice(0, request.limit);
  const last = data.at(-1);
  const more = rows.length > request.limit && last !== undefined;
  return { data, nextCursor: more ? writeCursor({ sort: order.sort, values: order.valuesOf(last) }) : null };
}
