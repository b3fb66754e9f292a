import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "./secret.ts";

const secret = new Secret("canary");

describe("Secret", () => {
  test("reveals its value on demand only", () => {
    expect(secret.reveal()).toBe("canary");
  });

  test("prints itself as *** everywhere else", () => {
    expect(`${secret}`).toBe("***");
    expect(JSON.stringify({ secret })).toBe('{"secret":"***"}');
    expect(inspect({ secret }, { showHidden: true, depth: 9 })).toBe("{ secret: *** }");
    const printed = [
      format("%s %o %O %j", secret, secret, secret, secret),
      secret + "",
      Object.entries(secret).join(),
      Object.getOwnPropertyNames(secret).join(),
      inspect(structuredClone({ ...secret })),
    ];
    for (const text of printed) expect(text).not.toContain("canary");
  });
});
