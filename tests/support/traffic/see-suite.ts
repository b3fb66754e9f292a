import { externalSettings, seededRandom } from "@claviger/testkit";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../command.ts";
import { asPlatform } from "../filler.ts";
import { DAY_MS, dayOf, THE_END } from "./calendar.ts";
import { drive } from "./drive.ts";
import { KILLED_NODE } from "./killed-node.ts";
import { Ledger } from "./ledger.ts";
import { type PlanSize, planTraffic } from "./plan.ts";
import { askAll, namesOf } from "./question.ts";
import { QUESTIONS } from "./questions.ts";
import { openTrafficStage, type TrafficStage } from "./traffic-stage.ts";

/** To be called where tests are described: customers are simulated, and each question about them is asked and compared. */
export function seesEverything(size: PlanSize, timeoutMs: number): void {
  describe("of customers with seasons, and of those that misbehave", { timeout: timeoutMs }, () => {
    let stage: TrafficStage;
    /** Once all of it has happened; without it there is nothing to compare. */
    let ledger: Ledger | null = null;
    const known = (): Ledger => {
      if (ledger === null) throw new TypeError("the traffic was not sent, or not recorded");
      return ledger;
    };
    afterAll(() => stage?.stop());

    test("each request gets what its key was made for, and is recorded once, though a node is killed meanwhile", async (context) => {
      const plan = planTraffic(seededRandom(context), size);
      const sent = new Ledger(plan);
      stage = await openTrafficStage();
      await drive(stage, plan, sent, [KILLED_NODE]);
      ledger = sent;
    });

    test("what presents no genuine key is counted by where it came from, and nothing of it is kept", async () => {
      const { forged } = known();
      const rows = await asPlatform(stage.database, async (client) => {
        const { rows: found } = await client.query<{ network: string; count: number }>(
          "SELECT network, sum(requests)::int AS count FROM stranger_hour GROUP BY network",
        );
        return found;
      });
      expect(rows).toEqual([{ network: "8.8.8.0/24", count: forged }]);
    });

    test("counts of hours and days, of all keys, and single verifications add up to the same", async () => {
      const [from, to] = [THE_END - 30 * DAY_MS, THE_END].map((at) => new Date(at).toISOString().slice(0, 10));
      const command = ["usage", "reconcile", "--from", `${from}`, "--to", `${to}`, "--json"];
      const { stdout } = await runCommand(command, externalSettings(stage.database));
      const requests = known().requests(({ at }) => at >= dayOf(THE_END - 30 * DAY_MS));
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, days: 31, requests, differences: [] });
    });

    test.each(Object.entries(QUESTIONS))(
      "every question about %s is answered by one call and by one command, and the numbers are right",
      async (_, questionsOf) => {
        await askAll(stage, questionsOf(known(), namesOf(stage)));
      },
    );
  });
}
