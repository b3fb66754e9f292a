import { COUNTED, type Counts, noCounts, RULES, type Scene, simulate } from "@claviger/testkit";

/** One seed alone, named by CLAVIGER_TEST_SEED, to repeat what a run has found; null: all. */
function seedToRepeat(): number | null {
  const given = process.env.CLAVIGER_TEST_SEED;
  return given === undefined || given === "" ? null : Number(given) >>> 0;
}

/**
 * Simulates the seeds from `first` on, and adds up what they counted. Each entry of `violations` names its seed, with which
 * it can be repeated: CLAVIGER_TEST_SEED=<seed>.
 */
export function runSeeds(first: number, count: number, scene: Scene = {}): { counts: Counts; violations: string[] } {
  const counts = noCounts();
  const violations: string[] = [];
  const repeated = seedToRepeat();
  const seeds = repeated === null ? Array.from({ length: count }, (_, i) => first + i) : [repeated];
  for (const seed of seeds) {
    const report = simulate(seed, RULES, scene);
    for (const name of COUNTED) counts[name] += report.counts[name];
    for (const violation of report.violations) violations.push(`CLAVIGER_TEST_SEED=${seed}: ${violation}`);
  }
  return { counts, violations };
}

/** What a run of `seeds` must have seen at least; fewer mean that nothing was tried. Of one seed alone nothing is asked. */
export function expectedCounts(seeds: number): Partial<Counts> {
  if (seedToRepeat() !== null) return {};
  const each: Partial<Counts> = {
    accepted: 200,
    acceptedInWindow: 4,
    confirmed: 4,
    lapsed: 0.5,
    stale: 1,
    grants: 40,
    verifiersCounted: 5,
    remote: 8,
  };
  return Object.fromEntries(Object.entries(each).map(([name, count]) => [name, count * seeds]));
}
