import { ClavigerError, type Secret } from "@claviger/core";
import { isUniqueViolation, PLATFORM } from "../../db/index.ts";
import type { Acting, Unit } from "../../kernel/act.ts";
import { findAccount, putAccount } from "../accounts/index.ts";
import { type Environment, findEnvironment, selectEnvironments } from "../catalogue/index.ts";
import { type Authority, type CreateKeyInput, createKey, revokeKey } from "../keys/index.ts";
import { finishRotation, rotateKey } from "../rotation/index.ts";
import { DRILL_ACCOUNT, type Drill, type DrillStep, type DrillStepName } from "./drill.ts";
import { endDrill, findDrill, insertDrill } from "./drills.store.ts";
import type { DrillPorts } from "./ports.ts";

type Acts = Pick<Acting<unknown>, "actor" | "source">;

/** As much as a drill needs, and no more. */
const AUTHORITY: Authority = { keyId: "drills", scopes: new Set(["claviger:keys:emergency"]), expiresAt: null };
const MOST_ENVIRONMENTS = 200;

/**
 * Makes a key, has it accepted, rotates it, ends its old version, revokes it, and looks each time whether this node decides as it must. Ending
 * and revoking wait for every node and verifier, as they always do. What goes wrong is on record, and never thrown; the key is ended in any case.
 * Throws STATE_CONFLICT while a drill runs, and VALIDATION_FAILED for an unknown environment.
 */
export async function startDrill(ports: DrillPorts, acts: Acts, environment: string | null): Promise<Drill> {
  const drill = await begin(ports, acts, environment);
  const key: Held = { id: null };
  const steps = await carryOut(ports, acts, drill, key);
  const passed = steps.every(({ ok }) => ok);
  if (!passed && key.id !== null) await endKey(ports, acts, key.id);
  await finish(ports, acts, drill, { status: passed ? "passed" : "failed", key: key.id, steps });
  const ended = await ports.database.transaction(PLATFORM, (tx) => findDrill(tx, drill.id));
  if (ended === null) throw new TypeError("a drill is never deleted");
  return ended;
}

interface Held {
  id: string | null;
}

async function begin({ rotation, database }: DrillPorts, acts: Acts, environment: string | null): Promise<Drill> {
  const { name } = await database.transaction(PLATFORM, (tx) => chooseEnvironment(tx, environment));
  try {
    const done = await rotation.keys.act<Drill>(acts, PLATFORM, async (unit) => {
      const drill: Drill = {
        ...{ id: rotation.keys.ids.make("drl"), environment: name, status: "running", startedBy: acts.actor },
        ...{ startedAt: unit.now, finishedAt: null, key: null, steps: [] },
      };
      await insertDrill(unit.tx, drill);
      unit.audits({
        ...{ action: "drill.started", account: null, target: { type: "drill", id: drill.id } },
        after: { environment: name },
      });
      return drill;
    });
    if (done.value === null) throw new TypeError("a drill is no replay");
    return done.value;
  } catch (error) {
    if (!isUniqueViolation(error, "drill_running")) throw error;
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "A drill is under way." });
  }
}

/** The one that is named, or else the first that is not production, or else the first. */
async function chooseEnvironment(tx: Unit["tx"], name: string | null): Promise<Environment> {
  const all = name === null ? await selectEnvironments(tx, null, MOST_ENVIRONMENTS) : [];
  const chosen =
    name === null ? (all.find((one) => one.class !== "production") ?? all[0]) : await findEnvironment(tx, name);
  if (chosen != null) return chosen;
  const message = `there is no environment ${name ?? ""}`.trim();
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "environment", message }] });
}

async function carryOut(ports: DrillPorts, acts: Acts, drill: Drill, key: Held): Promise<DrillStep[]> {
  const { rotation, clock } = ports;
  const steps: DrillStep[] = [];
  /** False where it failed, and then nothing further is tried. */
  const take = async (step: DrillStepName, work: () => Promise<string>): Promise<boolean> => {
    const from = clock.mono();
    const told = await work().then(
      (detail) => ({ ok: true, detail }),
      (error: unknown) => ({ ok: false, detail: wordsOf(error) }),
    );
    steps.push({ step, ...told, tookMs: Math.round(clock.mono() - from) });
    return told.ok;
  };
  const secrets: Secret[] = [];
  const old = (): Secret => secretAt(secrets, 0);
  const fresh = (): Secret => secretAt(secrets, 1);
  const act = () => ({ authority: AUTHORITY, key: key.id ?? "", match: null });
  const expect = async (secret: Secret, code: string): Promise<string> => {
    const { verdict } = await ports.verify({ key: secret.reveal(), environment: drill.environment });
    if (verdict.code !== code) throw new DrillFault(`the verdict is ${verdict.code}, not ${code}`);
    return `the verdict is ${code}`;
  };
  const plan: readonly (readonly [DrillStepName, () => Promise<string>])[] = [
    [
      "issue",
      async () => {
        const created = await createKey(rotation.keys, acts, AUTHORITY, await describe(ports, acts, drill));
        if (created.value === null) throw new TypeError("no replay");
        key.id = created.value.key.id;
        secrets.push(created.value.secret);
        return `key ${key.id}`;
      },
    ],
    ["accept-first", () => expect(old(), "VALID")],
    [
      "rotate",
      async () => {
        const rotated = await rotateKey(rotation, acts, act(), { overlapHours: 1 });
        if (rotated.value === null) throw new TypeError("no replay");
        secrets.push(rotated.value.secret);
        return "version 2, with version 1 beside it";
      },
    ],
    [
      "accept-both",
      async () => `${await expect(old(), "VALID")}, and of the new version too: ${await expect(fresh(), "VALID")}`,
    ],
    ["finish", async () => inForce((await finishRotation(rotation, acts, act())).effective)],
    ["refuse-old", () => expect(old(), "REVOKED")],
    ["accept-new", () => expect(fresh(), "VALID")],
    [
      "revoke",
      async () =>
        inForce((await revokeKey(rotation.keys, acts, AUTHORITY, key.id ?? "", { reason: "unused" })).effective),
    ],
    [
      "refuse-all",
      async () => `${await expect(old(), "REVOKED")}, and of the new version too: ${await expect(fresh(), "REVOKED")}`,
    ],
  ];
  for (const [step, work] of plan) if (!(await take(step, work))) break;
  return steps;
}

class DrillFault extends Error {}

function secretAt(secrets: readonly Secret[], index: number): Secret {
  const secret = secrets[index];
  if (secret === undefined) throw new TypeError(`there is no version ${index + 1}`);
  return secret;
}

function inForce(
  effective: { readonly nodes: number; readonly verifiers: number; readonly waitedMs: number } | null,
): string {
  if (effective === null) throw new DrillFault("it does not say that it is in force");
  const { nodes, verifiers, waitedMs } = effective;
  return `in force on ${nodes} nodes and ${verifiers} verifiers after ${Math.round(waitedMs)} ms`;
}

/** What may be shown of a failure: never what a driver or the system says, which may hold anything. */
function wordsOf(error: unknown): string {
  if (error instanceof DrillFault) return error.message;
  if (!(error instanceof ClavigerError)) return "an internal error, which the log tells of";
  const faults = error.errors?.map(({ path, message }) => `${path} ${message}`) ?? [];
  return [`${error.code}: ${error.publicDetail}`, ...faults].join("; ");
}

/** Everything that a policy may ask for is there; a pattern of labels may still refuse it, and says so in the record. */
async function describe(
  { rotation, database }: DrillPorts,
  acts: Acts,
  { id, environment }: Drill,
): Promise<CreateKeyInput> {
  const known = await database.transaction(PLATFORM, (tx) => findAccount(tx, DRILL_ACCOUNT));
  if (known === null) await putAccount(rotation.keys, acts, DRILL_ACCOUNT, { name: "Drills of this installation" });
  return {
    ...{ account: DRILL_ACCOUNT, environment, label: `Drill ${id}`, expiresInDays: 1 },
    tier: "read",
    ...{ purpose: "A drill: rotated, revoked and gone within seconds", rationale: "A drill", owner: "team:drills" },
    ...{ storedIn: "nowhere", runbookUrl: "https://claviger.example/drills", tags: ["drill"] },
    ...{ criticality: "low" as const, dependants: [{ name: "nobody" }] },
  };
}

async function endKey({ rotation, logger }: DrillPorts, acts: Acts, key: string): Promise<void> {
  try {
    await revokeKey(rotation.keys, acts, AUTHORITY, key, { reason: "unused" });
  } catch (error) {
    logger.error({ error }, `the key of a drill, ${key}, could not be ended; it expires within a day`);
  }
}

/** Writes down how it ended, once. */
export async function finish(
  { rotation }: Pick<DrillPorts, "rotation">,
  acts: Acts,
  { id, environment }: Drill,
  end: Pick<Drill, "status" | "key" | "steps">,
): Promise<void> {
  await rotation.keys.act(acts, PLATFORM, async (unit) => {
    if (!(await endDrill(unit.tx, id, end, unit.now))) return unit.foundDone();
    const failed = end.steps.find(({ ok }) => !ok);
    const told = { environment, passed: end.status === "passed", failedAt: failed?.step ?? null };
    unit.audits({
      ...{ action: "drill.finished", account: null, target: { type: "drill", id } },
      ...{ before: { status: "running" }, after: { ...told, key: end.key, detail: failed?.detail ?? null } },
    });
    unit.emits({ type: "drill.finished", account: null, payload: { drill: id, ...told } });
  });
}
