// Run by beside.ts in a process of its own: what else a node does, one after the other, as long as it is told to. A line `go` or `rest` on stdin;
// each `rest` is answered on stdout by how much was done since `go`.
import { createInterface } from "node:readline";
import { createLogger } from "@claviger/server";
import pg from "pg";
import { attachEmbedded } from "../packages/server/src/db/embedded/attach.ts";

interface Settings {
  readonly url: string;
  readonly managementKey: string;
  readonly dataDir: string;
}

const { url, managementKey, dataDir } = JSON.parse(process.argv[2] ?? "") as Settings;
const headers = { authorization: `Bearer ${managementKey}` };
const done = { views: 0, exports: 0, partitions: 0 };
let going = false;
let idle: Promise<unknown> = Promise.resolve();

async function get(path: string): Promise<string> {
  const answer = await fetch(`${url}${path}`, { headers });
  const text = await answer.text();
  if (answer.status !== 200) throw new TypeError(`${path} was refused: ${text}`);
  return text;
}

const { ownerUrl } = await attachEmbedded({ dataDir, logger: createLogger("error") });
const owner = new pg.Client(ownerUrl);
await owner.connect();
const views = (JSON.parse(await get("/v1/views")) as { data: { name: string }[] }).data;

/** Each view with its total, one after the other. */
async function lookAtViews(): Promise<void> {
  for (let turn = 0; going; turn += 1) {
    await get(`/v1/views/${views[turn % views.length]?.name}`);
    done.views += 1;
  }
}

async function exportMetering(): Promise<void> {
  while (going) {
    await get("/v1/metering.csv");
    done.exports += 1;
  }
}

/** As retention does it: by the function that drops the oldest partition. */
async function dropOld(): Promise<void> {
  while (going) {
    const { rows } = await owner.query(
      "SELECT claviger.drop_usage_partition(current_date - 90, current_date - 700) AS dropped",
    );
    if (rows[0]?.dropped !== null) done.partitions += 1;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    going = line === "go";
    if (going) idle = Promise.all([lookAtViews(), exportMetering(), dropOld()]);
    else void idle.then(() => process.stdout.write(`${JSON.stringify(done)}\n`));
  })
  .on("close", () => process.exit(0));
process.stdout.write("ready\n");
