import { OPERATIONS, type Operation } from "@claviger/contract";
import { type Answer, type Api, type TestApp, waitFor } from "@claviger/testkit";
import pg from "pg";
import type { Effective, Page, Verdict } from "./client.ts";
import type { Call, Way } from "./narrowing-ways.ts";
import { makeWorld, type World } from "./narrowing-world.ts";

/**
 * Another node of the cluster, which is alive and acknowledges changes only when it is told to: whoever answers before that
 * has not waited for it.
 */
export interface SlowNode {
  /** Acknowledges all that is committed now. */
  acknowledge(): Promise<void>;
  /** From now on it acknowledges by itself, or not. */
  follow(on: boolean): void;
  remove(): Promise<void>;
}

const TERM_MS = 60_000;
const FOLLOW_MS = 5;

export async function slowNode(app: TestApp): Promise<SlowNode> {
  const owner = new pg.Client(app.database.owner);
  await owner.connect();
  const epoch = await fetch(`${app.url}/readyz`).then(
    async (answer) => ((await answer.json()) as { epoch: string }).epoch,
  );
  await owner.query(
    `INSERT INTO claviger.node (incarnation, token, name, acked_seq, acked_epoch, term_ms, software, started_at)
     VALUES (gen_random_uuid(), gen_random_uuid(), 'slow', 0, $1, $2, '0', now())`,
    [epoch, TERM_MS],
  );
  let last: Promise<unknown> = Promise.resolve();
  const write = async (): Promise<void> => {
    await owner.query(
      `UPDATE claviger.node SET acked_seq = head.seq, token = gen_random_uuid() FROM claviger.change_head head
       WHERE name = 'slow' AND acked_seq < head.seq`,
    );
    await owner.query("NOTIFY claviger_ack");
  };
  const acknowledge = async (): Promise<void> => {
    last = last.then(write);
    await last;
  };
  let following = false;
  const timer = setInterval(() => {
    if (following) void acknowledge();
  }, FOLLOW_MS);
  return {
    acknowledge,
    follow: (on) => {
      following = on;
    },
    remove: async () => {
      clearInterval(timer);
      await last;
      await owner.query("DELETE FROM claviger.node WHERE name = 'slow'");
      await owner.end();
    },
  };
}

type Body = Readonly<Record<string, unknown>> & { readonly effective?: Effective | null };

/** What a key may do in its world, as verification says: for each question the verdict. */
type Standing = readonly Verdict[];

async function standingOf(api: Api, { name, environment, named, tiered, rotated }: World): Promise<Standing> {
  const from = { environment: environment.name, ip: "198.51.100.7", origin: "https://a.example", audience: "mail" };
  const secrets = [named.secret, tiered.secret, rotated.secret, rotated.old];
  const asked = secrets.flatMap((secret) =>
    [`GET /${name}`, `GET /${name}/7`, `POST /${name}`].map((request) => {
      const [method, path] = request.split(" ");
      return { ...from, key: secret, method, path };
    }),
  );
  return (await api.post<{ results: Verdict[] }>("/v1/verify/batch", { checks: asked })).body.results;
}

/** What was allowed before and is not, or less so, now. */
function lost(before: Standing, after: Standing): string[] {
  return before.flatMap((was, index) => {
    const is = after[index];
    if (!was.valid || is === undefined) return [];
    if (!is.valid) return [is.code];
    const sooner = is.expiresAt != null && (was.expiresAt == null || is.expiresAt < was.expiresAt);
    const stricter = (is.limits ?? []).filter(({ name, limit }) => {
      const earlier = was.limits?.find((each) => each.name === name);
      return earlier === undefined || limit < earlier.limit;
    });
    return [...(sooner ? ["ends sooner"] : []), ...stricter.map(({ name }) => `limit ${name}`)];
  });
}

/** Calls the operation in a world of its own and says what is wrong with how it took something away; empty: nothing. */
export async function examine(app: TestApp, root: Api, slow: SlowNode, way: Way): Promise<string[]> {
  const operation = operationOf(way.operation);
  slow.follow(true);
  const made = await makeWorld(root);
  const world: World = { ...made, ...(await way.prepare?.(root, made)) };
  const first = way.before?.(world);
  if (first !== undefined) await root.call(first.method, first.path, { body: first.body });
  await applied(root);
  slow.follow(false);
  await slow.acknowledge();
  const before = await standingOf(root, world);
  const { answer, waited } = await callAndWatch(app, root, slow, operation, way.call(world));
  await applied(root);
  const taken = lost(before, await standingOf(root, world));
  return findingsOf(operation, way, answer, waited, taken);
}

function operationOf(id: string): Operation {
  const found = OPERATIONS.find((operation) => operation.id === id);
  if (found === undefined) throw new TypeError(`no operation ${id}`);
  return found;
}

/** Once the node that is asked has applied all that is committed. */
async function applied(root: Api): Promise<void> {
  await waitFor(async () => {
    const { data } = (await root.get<Page<{ self: boolean; lag: number | null }>>("/v1/nodes")).body;
    return data.some(({ self, lag }) => self && lag === 0);
  });
}

async function callAndWatch(
  app: TestApp,
  root: Api,
  slow: SlowNode,
  { method }: Operation,
  { path, body, headers = {}, as }: Call,
): Promise<{ answer: Answer<Body>; waited: boolean }> {
  const caller = as === undefined ? root : root.as(as);
  const outcome: { answer?: Answer<Body> } = {};
  const asked = caller.call<Body>(method, path, body === undefined ? {} : { body, headers }).then((answer) => {
    outcome.answer = answer;
    return answer;
  });
  const waited = await waitFor(async () => {
    const waiting = (await barriers(app)) > 0;
    if (outcome.answer !== undefined) return "no";
    return waiting ? "yes" : null;
  });
  // It is known now whether it waits. What it waits for after that, if anything, is acknowledged as it comes.
  slow.follow(true);
  return { answer: await asked, waited: waited === "yes" };
}

/** How many acts wait now. */
async function barriers(app: TestApp): Promise<number> {
  const text = await fetch(`${app.url}/metrics`).then((answer) => answer.text());
  return Number(/^claviger_barriers (\d+)$/m.exec(text)?.[1]);
}

function findingsOf(
  { id, narrows }: Operation,
  way: Way,
  answer: Answer<Body>,
  waited: boolean,
  taken: readonly string[],
): string[] {
  const findings: string[] = [];
  const { effective } = answer.body ?? {};
  if (answer.status >= 300) findings.push(`answered ${answer.status}: ${answer.text}`);
  if (taken.length > 0) {
    const what = [...new Set(taken)].join(", ");
    if (!narrows) findings.push(`takes something away (${what}), which the contract denies`);
    if (!waited) findings.push(`takes something away (${what}) and answers before every node has followed`);
    if (effective == null) findings.push(`takes something away (${what}) and does not say that it is in force`);
  }
  if (narrows && effective === undefined) findings.push("does not answer effective");
  if (effective != null && !waited && way.settled !== true)
    findings.push("says that it is in force everywhere, and did not wait for it");
  if (effective != null && !(effective.everywhere && effective.nodes === 2)) {
    findings.push(`is not in force everywhere: ${JSON.stringify(effective)}`);
  }
  if (way.takes && taken.length === 0) findings.push("took nothing away, so that nothing was shown");
  return findings.map((finding) => `${id}, ${way.name}: ${finding}`);
}
