/** kill -9 at any moment of any act on rotations leaves a state that is whole: key, versions and rotation say the same. */
import {
  type Api,
  api,
  issueKey,
  makeAccount,
  makeScopes,
  type SeededRandom,
  seededRandom,
  startService,
  waitFor,
} from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { expectChainWhole } from "../support/killing.ts";
import { type KeyRotation, rotate, shown, verify } from "../support/rotation-stage.ts";

const KEYS = 6;
const ROUNDS = 5;
const MOST_ACTS = 60;

interface Tried {
  readonly id: string;
  /** Secrets that were answered, by version. */
  readonly secrets: Map<number, string>;
}

const ACTS = ["rotate", "rotate", "emergency", "confirm", "extend", "cancel", "finish"] as const;

/** Acts on one key until the service is gone. */
async function actUntilKilled(root: Api, key: Tried, random: SeededRandom, acted: () => void): Promise<void> {
  for (;;) {
    const verb = random.pick(ACTS);
    try {
      if (verb === "rotate" || verb === "emergency") {
        const { status, body } = await rotate(root, key.id, verb === "emergency" ? { overlapHours: 0 } : {});
        if (status === 201) key.secrets.set(body.rotation.to, body.secret ?? "");
        expect(status).toBeOneOf([201, 409]);
      } else {
        const path = `/v1/keys/${key.id}/rotation/${verb}`;
        const { status } = await root.post(path, verb === "extend" ? { hours: 1 } : undefined);
        expect(status).toBeOneOf([200, 400, 409]);
      }
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
    acted();
  }
}

async function expectWhole(root: Api, key: Tried): Promise<KeyRotation> {
  const now = await shown(root, key.id);
  const statusOf = (version: number | undefined) => now.versions.find((each) => each.version === version)?.status;
  expect(statusOf(now.version)).toBeOneOf(["active", "pending"]);
  const { rotation } = now;
  if (rotation !== null && rotation.endedAt === null) {
    expect(now).toMatchObject({ status: "rotating", version: rotation.to });
    expect(statusOf(rotation.from)).toBe("retiring");
    expect(now.versions.find(({ version }) => version === rotation.from)?.expiresAt).toBe(rotation.oldEndsAt);
  } else {
    expect(now.status).toBe("active");
    if (rotation?.phase === "done") expect([statusOf(rotation.from), now.version]).toEqual(["ended", rotation.to]);
    if (rotation?.phase === "cancelled") expect([statusOf(rotation.to), now.version]).toEqual(["ended", rotation.from]);
  }
  // Whatever was answered is as it is shown to be.
  for (const [version, secret] of key.secrets) {
    const verdict = await waitFor(async () => {
      const said = await verify(root, secret);
      return said.code === "UNAVAILABLE" ? null : said;
    });
    expect(verdict.valid, `version ${version} of ${key.id}`).toBe(statusOf(version) !== "ended");
  }
  return now;
}

test("kill -9 of the service amid rotations, confirmations, extensions, cancellations and ends: every key is whole", async (context) => {
  const random = seededRandom(context);
  const service = await startService({ env: { CLAVIGER_LEASE_MS: "1000" } });
  onTestFinished(() => service.stop(), 30_000);
  const root = () => api(service.url, service.managementKey);
  await makeScopes(root());
  const account = (await makeAccount(root())).id;
  const keys: Tried[] = [];
  for (let index = 0; index < KEYS; index += 1) {
    const { id, secret } = await issueKey(root(), account);
    keys.push({ id, secrets: new Map([[1, secret]]) });
  }
  let total = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    let acted = 0;
    const acting = keys.map((key) => actUntilKilled(root(), key, random, () => (acted += 1)));
    const goal = 1 + random.int(MOST_ACTS);
    await waitFor(() => acted >= goal, { timeoutMs: 60_000, what: `${goal} acts` });
    await service.kill9();
    await Promise.all(acting);
    await service.restart();
    for (const key of keys) await expectWhole(root(), key);
    await expectChainWhole(service);
    total += acted;
  }
  await context.annotate(`${total} acts, ${ROUNDS} kills`);
  // And each goes on from there.
  for (const key of keys) {
    // Who is told to come again comes again.
    const { status, body, text } = await waitFor(async () => {
      const answer = await rotate(root(), key.id);
      return answer.status === 503 ? null : answer;
    });
    expect(status, text).toBe(201);
    expect(await verify(root(), body.secret ?? "")).toMatchObject({ valid: true });
  }
}, 180_000);
