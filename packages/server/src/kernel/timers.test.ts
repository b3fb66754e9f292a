import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { systemTimers } from "./timers.ts";

test("a timer belongs to no request, whichever began it", async () => {
  const under = new AsyncLocalStorage<string>();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  under.run("a request", () => systemTimers.after(0, () => resolve(under.getStore())));
  expect(await promise).toBeUndefined();
});
