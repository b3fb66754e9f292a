/** The programs of the guides to SDK and middlewares are compiled as a customer's would be, and run against a real service. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Service, startService, waitFor } from "@claviger/testkit";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Contacts, installExample, setUpContacts } from "../tests/support/example.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

let service: Service;
let contacts: Contacts;

beforeAll(async () => {
  service = await startService({ database: "shared" });
  contacts = setUpContacts(service);
}, 180_000);
afterAll(() => service?.stop());

/** The `ts` blocks of a page, with the heading above each. */
function blocksOf(page: string): readonly (readonly [string, string])[] {
  const text = readFileSync(new URL(`guide/${page}.md`, import.meta.url), "utf8");
  return [...text.matchAll(/^#+ ([^\n]+)$|^```ts\n(.*?)^```$/gms)]
    .reduce<[string, string][]>((blocks, [, heading, code]) => {
      const last = blocks.at(-1);
      if (heading !== undefined) blocks.push([heading, ""]);
      else if (last !== undefined) last[1] += code ?? "";
      return blocks;
    }, [])
    .filter(([, code]) => code !== "");
}

/** Puts a program where it finds the packages of an example, and compiles it. Returns its path. */
function compiled(example: string, name: string, code: string): string {
  const folder = join(installExample(example), ".cache");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, code);
  const program = ts.createProgram([path], {
    ...{
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
    },
    ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, allowImportingTsExtensions: true },
    ...{ types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] },
    // The SDK is linked; a customer's stands beside the framework.
    preserveSymlinks: true,
  });
  const findings = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  expect(findings, code).toEqual([]);
  return path;
}

test("the program of the guide to the SDK compiles, runs, and prints what the guide says", () => {
  const code = blocksOf("sdk")
    .map(([, block]) => block)
    .join("\n");
  const path = compiled("node-http", "sdk-guide", code);
  const output = execFileSync(process.execPath, [path], {
    encoding: "utf8",
    env: { CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: service.managementKey },
  });
  const [list = "", ...rest] = output.split(/^(?=\d+ )/m);
  expect(list).toContain("Nightly sync active\n");
  expect(
    rest
      .join("")
      .replace(/^\d+ .*\n/, "")
      .trim()
      .split("\n"),
  ).toEqual(["VALIDATION_FAILED label", "Reports", "true /contacts", "REVOKED", "VALID", "REVOKED", "UNAVAILABLE"]);
});

describe("each program of the guide to the middlewares", () => {
  const EXAMPLES: Readonly<Record<string, string>> = {
    Express: "express-api",
    Fastify: "fastify-api",
    Hono: "hono-api",
    "node:http": "node-http",
  };
  const programs = blocksOf("middleware");

  test("is known to this test", () => {
    const known = [...Object.keys(EXAMPLES), "Next.js and other fetch handlers", "Observing first"];
    expect(programs.map(([heading]) => heading).sort()).toEqual(known.sort());
  });

  const program = (heading: string): string => programs.find(([each]) => each === heading)?.[1] ?? "";
  const ask = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/contacts`, { headers });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };

  async function served(
    example: string,
    name: string,
    code: string,
    use: (url: string) => Promise<void>,
  ): Promise<string> {
    const path = compiled(example, name, code);
    const port = await freePort();
    const env = { CLAVIGER_URL: service.url, CLAVIGER_CREDENTIAL: contacts.credential, PORT: String(port) };
    const child: ChildProcess = spawn(process.execPath, [path], { env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (output += bytes));
    const url = `http://127.0.0.1:${port}`;
    try {
      const answers = (): Promise<boolean> =>
        fetch(url).then(
          () => true,
          () => false,
        );
      await waitFor(async () => child.exitCode !== null || (await answers()), { timeoutMs: 20_000 });
      expect(child.exitCode, output).toBeNull();
      await use(url);
      return output;
    } finally {
      child.kill("SIGKILL");
    }
  }

  test.each(Object.entries(EXAMPLES))("lets in who may, and nobody else: %s", async (heading, example) => {
    await served(example, "middleware-guide", program(heading), async (url) => {
      expect(await ask(url)).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
      const good = await ask(url, { authorization: `Bearer ${contacts.caller.key}` });
      expect(good).toEqual({ status: 200, body: { account: expect.stringMatching(/^acct_/) } });
    });
  });

  test("lets in who may, and nobody else: Next.js and other fetch handlers", async () => {
    const server =
      `${program("Next.js and other fetch handlers").replace(/^export /m, "")}\n` +
      'import { serve } from "@hono/node-server";\nserve({ fetch: GET, hostname: "127.0.0.1", port: Number(process.env.PORT) });\n';
    // Where the package of Next.js is, its own server is not needed: these are plain fetch handlers.
    await served("hono-api", "fetch-guide", server, async (url) => {
      expect(await ask(url)).toMatchObject({ status: 401 });
      expect(await ask(url, { "x-api-key": contacts.caller.key })).toMatchObject({ status: 200 });
    });
  });

  test("tells what it would have refused, and refuses nothing: Observing first", async () => {
    const output = await served("node-http", "observing-guide", program("Observing first"), async (url) => {
      expect(await ask(url)).toEqual({ status: 200, body: { account: null } });
      const good = await ask(url, { "x-api-key": contacts.caller.key });
      expect(good).toEqual({ status: 200, body: { account: expect.stringMatching(/^acct_/) } });
    });
    expect(output).toContain("would refuse UNAUTHENTICATED GET /contacts -");
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
