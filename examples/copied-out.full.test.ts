/**
 * Each example, copied out of this repository, with the packages packed as they would be published: nothing of the repository is
 * needed to install and to start it.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { externalSettings, type Service, startService, type TestDatabase, testDatabase } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareExamples } from "../scripts/installations.ts";
import { call, setUpContacts, startProgramIn } from "../tests/support/example.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** All but those of Next.js, which library-next shows, and killed-node, which starts the nodes of the repository. */
const EXAMPLES = ["express-api", "fastify-api", "hono-api", "node-http", "library-express", "library-hono"];

let home = "";
let database: TestDatabase;
let service: Service;
const tarballs: Record<string, string> = {};

beforeAll(async () => {
  prepareExamples();
  home = mkdtempSync(join(tmpdir(), "claviger-copied-"));
  for (const name of ["sdk", "server"]) {
    const args = ["pack", "--silent", "--pack-destination", home];
    const packed = execFileSync("npm", args, { cwd: join(ROOT, "packages", name, "dist"), encoding: "utf8" });
    tarballs[`@claviger/${name}`] = join(home, packed.trim());
  }
  database = await testDatabase();
  service = await startService({ database });
}, 180_000);
afterAll(async () => {
  await service?.stop();
  await database?.drop();
  rmSync(home, { recursive: true, force: true });
}, 120_000);

function copyOut(example: string): string {
  const folder = join(home, example);
  cpSync(join(ROOT, "examples", example), folder, {
    recursive: true,
    filter: (path) => !/node_modules|\.cache/.test(path),
  });
  const path = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as { dependencies: Record<string, string> };
  for (const [name, tarball] of Object.entries(tarballs)) {
    if (name in manifest.dependencies) manifest.dependencies[name] = `file:${tarball}`;
  }
  writeFileSync(path, JSON.stringify(manifest));
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return folder;
}

test.each(EXAMPLES)(
  "installs and runs anywhere: %s",
  async (example) => {
    const { credential, caller } = setUpContacts(service);
    const api = await startProgramIn(copyOut(example), ["server.js"], {
      ...{ CLAVIGER_URL: service.url, CLAVIGER_CREDENTIAL: credential, ...externalSettings(database) },
    });
    try {
      const bearer = { authorization: `Bearer ${caller.key}` };
      expect(await call(api, "GET", "/contacts", {})).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
      expect(await call(api, "GET", "/contacts", bearer)).toMatchObject({ status: 200 });
    } finally {
      await api.end();
    }
  },
  240_000,
);
