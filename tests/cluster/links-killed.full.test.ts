/** kill -9 at any moment while links are opened: a secret is shown once at most, and a link that is spent holds nothing any more. */
import {
  type Api,
  api,
  makeAccount,
  makeScopes,
  seededRandom,
  startService,
  succeeded,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { asPlatform } from "../support/filler.ts";
import { type MadeLink, makeLink } from "../support/samples.ts";

const LINKS = 12;
const CLICKS = 3;
const ROUNDS = 3;

/** What was shown, by link; clicks that the kill cut off show nothing. */
async function click(root: Api, links: readonly MadeLink[], shown: Map<string, number>, clicked: () => void) {
  const clicks = links.flatMap((link) => Array.from({ length: CLICKS }, () => link));
  await Promise.all(
    clicks.map(async ({ id, token }) => {
      const answer = await root.post("/v1/links/open", { token }).catch((error: unknown) => {
        if (error instanceof TypeError) return null;
        throw error;
      });
      if (answer?.status === 200) shown.set(id, (shown.get(id) ?? 0) + 1);
      clicked();
    }),
  );
}

test("every link is opened once at most, and what was not opened still opens", async (context) => {
  const random = seededRandom(context);
  const database = await testDatabase();
  const service = await startService({ database, env: { CLAVIGER_LEASE_MS: "1000" } });
  onTestFinished(async () => {
    await service.stop();
    await database.drop();
  }, 30_000);
  const root = () => api(service.url, service.managementKey);
  await makeScopes(root());
  const account = (await makeAccount(root())).id;
  let lost = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const links: MadeLink[] = [];
    for (let index = 0; index < LINKS; index += 1) links.push(await makeLink(root(), account));
    const shown = new Map<string, number>();
    let clicked = 0;
    const goal = random.int(LINKS * CLICKS);
    const clicking = click(root(), links, shown, () => (clicked += 1));
    await waitFor(() => clicked >= goal, { timeoutMs: 30_000, everyMs: 1, what: `${goal} clicks` });
    await service.kill9();
    await clicking;
    await service.restart();
    for (const { id, token } of links) {
      const { state } = succeeded(await root().get<{ state: string }>(`/v1/links/${id}`)).body;
      const before = shown.get(id) ?? 0;
      expect(before).toBeLessThanOrEqual(1);
      if (before === 1) expect(state).toBe("opened");
      if (before === 0 && state === "opened") lost += 1;
      const answer = await root().post("/v1/links/open", { token });
      expect(answer.status, `${id} was ${state}`).toBe(state === "open" ? 200 : 410);
    }
    const left = await asPlatform(database, (sql) => sql.query("SELECT FROM secret_link WHERE sealed IS NOT NULL"));
    expect(left.rowCount).toBe(0);
  }
  await context.annotate(`${lost} of ${ROUNDS * LINKS} were opened and never shown`);
}, 120_000);
