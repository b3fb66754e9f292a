import { OPERATIONS } from "@claviger/contract";
import {
  type Api,
  api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  seededRandom,
  startService,
  succeeded,
} from "@claviger/testkit";
import type { Ground } from "./cases.ts";
import { type FuzzResult, fuzz } from "./run.ts";

/** More would wait so long for one another that some are told to come back later. */
const ISSUED_AT_ONCE = 20;

/**
 * Sends so many cases to a service of its own, and answers what is wrong with it: wrong answers, errors in its log, cases that
 * were to be tried and were not. CLAVIGER_TEST_SEED repeats a run.
 */
export async function fuzzService(
  cases: number,
  context: { annotate(message: string): unknown },
): Promise<readonly string[]> {
  const random = seededRandom(context);
  const service = await startService({
    database: "shared",
    env: { CLAVIGER_LOG_LEVEL: "error", CLAVIGER_FAILED_ATTEMPTS: "100", CLAVIGER_TRUSTED_PROXIES: "127.0.0.0/8" },
  });
  try {
    const root = api(service.url, service.managementKey);
    const ground = await prepare(root, new URL(service.url).host, service.managementKey, Math.ceil(cases / 500));
    const quiet = service.output();
    const result = await fuzz(cases, random, ground);
    const alive = await root.get("/readyz");
    const logged = service.output().slice(quiet.length);
    void context.annotate(summary(result));
    return [
      ...result.findings,
      ...(alive.status === 200 ? [] : [`afterwards it is not ready: ${alive.text}`]),
      ...(logged === "" ? [] : [`it logged: ${logged.slice(0, 2000)}`]),
      ...untried(result, cases),
    ].map((finding) => `CLAVIGER_TEST_SEED=${random.seed}: ${finding}`);
  } finally {
    await service.stop();
  }
}

async function prepare(root: Api, host: string, managementKey: string, victims: number): Promise<Ground> {
  await makeScopes(root);
  succeeded(await root.put("/v1/plans/basic", {}));
  succeeded(await root.put("/v1/environments/fuzzed", { tag: "fuzz", class: "development" }));
  const mine = await issueKey(root, (await makeAccount(root)).id);
  const account = await makeAccount(root);
  const keys: MadeKey[] = [];
  while (keys.length < victims) {
    const some = Math.min(ISSUED_AT_ONCE, victims - keys.length);
    keys.push(...(await Promise.all(Array.from({ length: some }, () => issueKey(root, account.id)))));
  }
  const verifier = await issueManagementKey(root, ["verify"]);
  return {
    host,
    root: managementKey,
    verifier: verifier.secret,
    mine,
    victims: keys.map(({ id, secret }) => ({ account, key: id, secret })),
  };
}

/** A run that did not get everywhere has shown nothing. */
function untried({ counts, sentinels, findings }: FuzzResult, cases: number): string[] {
  if (findings.length > 0) return [];
  const has = (name: string): number => counts.get(name) ?? 0;
  const statuses = (id: string, wanted: RegExp): number =>
    [...counts].reduce((sum, [name, times]) => {
      const [of, status = ""] = name.split(" ");
      return of === id && wanted.test(status) ? sum + times : sum;
    }, 0);
  return [
    ...OPERATIONS.filter(({ id }) => statuses(id, /^\d/) < cases / 2_000).map(({ id }) => `${id} was hardly tried`),
    ...OPERATIONS.filter(({ id }) => statuses(id, /^4/) === 0).map(({ id }) => `${id} was never refused`),
    ...["key in a body 200", "key in a header 401", "headers 401", "body 200", "body 400", "request 400"]
      .filter((name) => has(name) < cases / 500)
      .map((name) => `"${name}" came ${has(name)} times`),
    ...(sentinels < cases / 100 ? ["the key that must be accepted was hardly asked about"] : []),
  ];
}

const summary = ({ counts, sentinels }: FuzzResult): string =>
  `${[...counts]
    .filter(([name]) => !name.includes("."))
    .map(([name, times]) => `${name}: ${times}`)
    .toSorted()
    .join(", ")}; sentinels: ${sentinels}`;
