import type { TestProject } from "vitest/node";
import { type ProvidedPostgres, type RunningPostgres, startPostgres } from "./postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    postgres: ProvidedPostgres;
  }
}

let running: RunningPostgres | null = null;

/** Run once by vitest before all test files. */
export async function setup(project: TestProject): Promise<void> {
  running = await startPostgres(process.env.TEST_DATABASE_URL);
  project.provide("postgres", running.provided);
}

/** Run once by vitest after all test files. */
export async function teardown(): Promise<void> {
  await running?.stop();
}
