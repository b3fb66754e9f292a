import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATIONS } from "@claviger/contract";
import { ERRORS, PROBLEMS, REFUSALS } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { AUDIT_ACTIONS } from "../../packages/server/src/modules/audit/actions.ts";
import { SETTINGS } from "../../packages/server/src/settings.ts";
import { configurationPage, errorsPage, firstColumn, type Page } from "../../scripts/reference-pages.ts";
import { code } from "./code.ts";
import { direction } from "./direction.ts";
import { cycles } from "./imports.ts";
import { isAllowed, type LockEntry, licenceOf, productionPackages } from "./licences.ts";
import { migrations } from "./migrations.ts";
import { actFiles, auditActions, auditNames, commandNames, operationIds } from "./one-word.ts";
import { fileSizes, functionSizes, medianSize } from "./size.ts";
import { lines, ROOT, repository, type Violation } from "./source.ts";
import { sqlPlaces, tableOwners, tablesOf } from "./sql.ts";
import { lockfiles, words } from "./words.ts";

const sources = repository();
const paths = sources.map(({ path }) => path);
const expectNone = (violations: readonly Violation[]): void => expect(lines(violations)).toEqual([]);

describe("the code of this repository", () => {
  test("is found at all", () => {
    expect(paths).toContain("packages/core/src/index.ts");
    expect(paths).toContain("tools/tidy/repository.test.ts");
  });

  test("imports in one direction", () => expectNone(direction(sources)));
  test("has no rings of imports", () => expectNone(cycles(sources)));
  test("keeps SQL in stores, queries and the database's folder", () => expectNone(sqlPlaces(sources)));
  test("lets each table be written by one module and read by that and inventory", () =>
    expectNone(tableOwners(sources, tablesOf(sources))));
  test("changes the database so that nodes of the version before can go on", () => expectNone(migrations(sources)));
  test("reads the clock and randomness in one place, throws catalogued errors, runs every test, never sleeps", () =>
    expectNone(code(sources)));
  test("keeps its files short", () => expectNone(fileSizes(sources)));
  test("keeps its functions short", () => expectNone(functionSizes(sources)));

  test("has a middling file of about a hundred lines", () => {
    const median = medianSize(sources);
    process.stdout.write(`median file: ${median} lines\n`);
    expect(median).toBeLessThanOrEqual(150);
  });

  test("holds no unfinished marks, no folders of one machine, no registry hosts", () => {
    expectNone(words(sources));
    expectNone(lockfiles(sources));
  });
});

describe("one act has one word", () => {
  test("in the ids of the contract", () => expectNone(operationIds(OPERATIONS)));
  test("in the names of audit actions", () => expectNone(auditNames(OPERATIONS)));
  test("in what the server records", () => expectNone(auditActions(AUDIT_ACTIONS, OPERATIONS, sources)));
  test("in the names of files that act", () => expectNone(actFiles(OPERATIONS, paths)));
  test("in the names of commands", () => expectNone(commandNames(OPERATIONS, paths)));
});

describe("the reference equals the code (refresh it with `node scripts/docs.ts`)", () => {
  const written = (page: Page): string =>
    existsSync(join(ROOT, page.path)) ? readFileSync(join(ROOT, page.path), "utf8") : "";

  test("docs/reference/errors.md lists every code, and no other", () => {
    const page = errorsPage(PROBLEMS, REFUSALS);
    expect([...new Set(firstColumn(written(page)))].sort()).toEqual(Object.keys(ERRORS).sort());
    expect(written(page), "run: node scripts/docs.ts").toBe(page.text);
  });

  test("docs/reference/configuration.md lists every setting, and no other", () => {
    const page = configurationPage(SETTINGS);
    expect(firstColumn(written(page))).toEqual(SETTINGS.map(({ name }) => name));
    expect(written(page), "run: node scripts/docs.ts").toBe(page.text);
  });
});

test("every package that comes along in production has a licence that Apache-2.0 can be shipped with", () => {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
  const lock = read("package-lock.json") as { packages: Record<string, LockEntry> };
  const installed = productionPackages(lock.packages).filter((path) => existsSync(join(ROOT, path, "package.json")));
  expect(installed.length).toBeGreaterThan(10);
  const refused = installed.flatMap((path) => {
    const licence = licenceOf(read(`${path}/package.json`) as object);
    return licence !== null && isAllowed(licence) ? [] : [`${path}: ${licence ?? "no licence named"}`];
  });
  expect(refused).toEqual([]);
});
