/** One page of a list. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Hand it on as `cursor` for the page that follows; null on the last. */
  readonly nextCursor: string | null;
}

/**
 * A list, asked for when it is read: `await` gives its first page, `for await` every row, page after page, and `pages()` the pages.
 * Rows that come or go meanwhile may be seen or not.
 */
export interface Pages<T> extends PromiseLike<Page<T>>, AsyncIterable<T> {
  pages(): AsyncIterable<Page<T>>;
}

/** `read` gets one page; without a cursor the first. */
export function pagesOf<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Pages<T> {
  let first: Promise<Page<T>> | undefined;
  const start = (): Promise<Page<T>> => {
    first ??= read(undefined);
    return first;
  };
  async function* pages(): AsyncGenerator<Page<T>, void> {
    let page = await start();
    yield page;
    while (page.nextCursor !== null) {
      page = await read(page.nextCursor);
      yield page;
    }
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: a list that is awaited is its first page
    then: (fulfilled, rejected) => start().then(fulfilled, rejected),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.data;
    },
  };
}
