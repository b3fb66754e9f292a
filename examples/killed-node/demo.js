/**
 * Three nodes of Claviger on one PostgreSQL, and an Express service that verifies in its own process. One node after another is
 * killed and started anew; meanwhile keys are issued, used and revoked. Once a revocation has returned, no request that starts
 * afterwards may be answered with 200. It ends by itself, with status 1 where a single one was, or a good key was refused.
 *
 *   npm start                    20 seconds
 *   SECONDS=300 npm start        longer
 *   npm run start:cached         with a service that remembers verdicts, to see that it is noticed
 */
import { randomBytes } from "node:crypto";
import { Claviger, ClavigerApiError, ClavigerConnectionError } from "@claviger/sdk";
import { Callers } from "./callers.js";
import { startCluster, startService } from "./programs.js";

const SECONDS = Number(process.env.SECONDS ?? 20);
const REMEMBER = String(process.argv.includes("--cached"));
const SCOPE = { description: "Read contacts", tier: "read", routes: [{ method: "GET", path: "/contacts" }] };

const managementKey = randomBytes(24).toString("base64url");
const started = performance.now();
const say = (text) => console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

say("starting PostgreSQL and three nodes of Claviger");
const cluster = await startCluster(managementKey);
let kills = 0;
let over = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => (over = true));

/** By a node that runs; by another one where it is killed meanwhile. What is asked twice is done once. */
async function manage(act) {
  for (;;) {
    for (const { url, program } of cluster.nodes) {
      if (!program.runs) continue;
      try {
        return await act(new Claviger({ url, managementKey, timeoutMs: 15_000, retries: 0 }));
      } catch (error) {
        const another =
          error instanceof ClavigerConnectionError || (error instanceof ClavigerApiError && error.status === 503);
        if (!another) throw error;
      }
    }
    await pause(50);
  }
}

/** Kills one node after another with SIGKILL, and starts it again. Two run at any time. */
async function killInALoop() {
  for (let turn = 0; !over; turn += 1) {
    const { name, program } = cluster.nodes[turn % cluster.nodes.length];
    await pause(500);
    await program.end("SIGKILL");
    kills += 1;
    say(`node ${name} was killed`);
    await pause(500);
    await program.start();
    say(`node ${name} serves again`);
  }
}

const issue = (label) =>
  manage((claviger) =>
    claviger.keys.create({ account: "ext:acme", environment: "live", label, scopes: ["contacts:read"] }),
  );

async function prepare() {
  await manage((claviger) => claviger.scopes.put("contacts:read", SCOPE));
  await manage((claviger) => claviger.accounts.put("ext:acme", { name: "Acme" }));
  const credential = { account: "platform", environment: "live", label: "Contacts API", scopes: ["verify"] };
  const { secret } = await manage((claviger) => claviger.keys.create(credential));
  return startService({
    ...{ CLAVIGER_URL: cluster.nodes.map(({ url }) => url).join(","), CLAVIGER_CREDENTIAL: secret, REMEMBER },
  });
}

/** Issues a key, has it used until it is accepted, revokes it, and notes when that had returned. */
async function round(number, callers) {
  const { key, secret } = await issue(`key ${number}`);
  await callers.use(secret);
  callers.ending(secret);
  const { effective } = await manage((claviger) => claviger.keys.revoke(key.id, { reason: "leaked" }));
  callers.revoked(secret);
  const { waitedMs, lapsed } = effective;
  say(
    `key ${number} was revoked in ${Math.round(waitedMs)} ms${lapsed.length > 0 ? ", waiting for a node that is dead" : ""}`,
  );
  await callers.askOnce(secret);
}

let failed = true;
try {
  const service = await prepare();
  const callers = new Callers(service.url);
  const { secret: lasting } = await issue("never revoked");
  await callers.use(lasting);
  say("the service accepts keys; nodes are being killed from now on");
  const end = performance.now() + SECONDS * 1000;
  const killing = killInALoop();
  let rounds = 0;
  while (!over && (performance.now() < end || kills < 2 || rounds < 3)) {
    rounds += 1;
    await round(rounds, callers);
  }
  over = true;
  await killing;
  const seen = await callers.stop();
  await service.stop();
  say(
    `${kills} kills, ${rounds} revocations, ${seen.requests} requests: ${seen.accepted} accepted, ${seen.refused} refused as revoked`,
  );
  say(`${seen.unavailable} requests were refused because nobody could tell`);
  if (seen.lost > 0) say(`WRONG: ${seen.lost} requests with good keys were refused as if they were none`);
  say(
    seen.wrong === 0 ? "no revoked key was accepted" : `WRONG: ${seen.wrong} requests with revoked keys were accepted`,
  );
  failed = seen.wrong + seen.lost > 0;
} finally {
  over = true;
  await cluster.stop();
}
process.exitCode = failed ? 1 : 0;
