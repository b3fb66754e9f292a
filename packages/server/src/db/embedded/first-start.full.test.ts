import { describe, test } from "vitest";
import { draftHas, has, surviveFirstStart } from "./testing.ts";

describe("after a kill in the middle of the first start", () => {
  /** Moments of a first start, told by what it has written. */
  const moments: Record<string, (dir: string) => Promise<boolean>> = {
    "while binaries are copied": (dir) => has(dir, /^pg-runtime\.new-/),
    "when binaries are in place": (dir) => has(dir, /^pg-runtime$/),
    "when initdb begins": (dir) => has(dir, /^postgres\.new-/),
    "while roles are made": (dir) => draftHas(dir, "data/base/5"),
    "when passwords are written": (dir) => draftHas(dir, "passwords.json"),
    "just before the server runs": (dir) => has(dir, /^postgres$/),
  };

  test.each(Object.entries(moments))("%s, the next start makes everything", (_name, reached) =>
    surviveFirstStart(reached),
  );
});
