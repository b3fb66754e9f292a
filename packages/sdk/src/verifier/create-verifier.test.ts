import { mayFreeze } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { createVerifier } from "./create-verifier.ts";
import type { VerifierOptions } from "./verifier.ts";

const GOOD = {
  url: "https://claviger.example",
  credential: "canary-credential-1",
  environment: "live",
  mode: "remote",
} as const;

describe("a verifier's options", () => {
  test.each<[string, Partial<Record<keyof VerifierOptions, unknown>>, RegExp]>([
    ["an address that is none", { url: "claviger" }, /url must be the address/],
    ["an address of another kind", { url: "ftp://claviger.example" }, /http or https/],
    [
      "an address that holds a password",
      { url: "https://a:canary-password@claviger.example" },
      /no user and no password/,
    ],
    ["an address with a query", { url: "https://claviger.example/?key=canary" }, /no query/],
    ["plain HTTP beyond this machine", { url: "http://claviger.example" }, /allowPlaintext/],
    ["plain HTTP to what only begins like this machine", { url: "http://127.0.0.1.evil.example" }, /allowPlaintext/],
    ["no credential", { credential: undefined }, /credential must be/],
    ["a credential that no header can hold", { credential: "canary-credential\n1" }, /credential must be/],
    ["an environment that is none", { environment: "Live!" }, /environment must be/],
    ["a mode that is none", { mode: "lokal" }, /mode must be/],
    ["a time-out out of bounds", { timeoutMs: 0 }, /timeoutMs must be a number from 50 to 30000/],
    ["a time-out that is no number", { timeoutMs: "soon" }, /timeoutMs/],
    ["observing with nobody to tell", { observe: true }, /onWouldRefuse/],
  ])("are refused at once, and in words without a secret: %s", async (_, change, reason) => {
    const failed = await createVerifier({ ...GOOD, ...change } as VerifierOptions).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(TypeError);
    expect((failed as TypeError).message).toMatch(reason);
    expect((failed as TypeError).message).not.toContain("canary");
  });

  test.each(["http://127.0.0.1:4700", "http://localhost:4700", "http://[::1]:4700/", "https://claviger.example/base/"])(
    "may name %s",
    async (url) => {
      const verifier = await createVerifier({ ...GOOD, url });
      expect(verifier).toMatchObject({ mode: "remote", environment: "live", observer: null });
    },
  );

  test("may declare plain HTTP", async () => {
    expect(await createVerifier({ ...GOOD, url: "http://claviger:4700", allowPlaintext: true })).toBeDefined();
  });
});

describe("platforms that freeze processes", () => {
  test.each([
    ["AWS Lambda", { AWS_LAMBDA_FUNCTION_NAME: "f" }],
    ["Vercel", { VERCEL: "1" }],
    ["Netlify", { NETLIFY: "true" }],
    ["Azure Functions", { FUNCTIONS_WORKER_RUNTIME: "node" }],
    ["Google Cloud Run", { K_SERVICE: "api" }],
  ])("are known by their variables: %s", (_, environment) => {
    expect(mayFreeze(environment, undefined)).toBe(true);
  });

  test("and Cloudflare Workers by their name; others are not taken for one", () => {
    expect(mayFreeze({}, "Cloudflare-Workers")).toBe(true);
    expect(mayFreeze({ PATH: "/bin", VERCEL: "" }, "Node.js/24")).toBe(false);
  });

  test("ask a node by default", async () => {
    process.env.AWS_LAMBDA_FUNCTION_NAME = "f";
    try {
      const { mode, ...rest } = GOOD;
      expect(await createVerifier(rest)).toMatchObject({ mode });
    } finally {
      delete process.env.AWS_LAMBDA_FUNCTION_NAME;
    }
  });
});
