// Run by verifiers.ts: very many verifiers over one connection each, which hold leases and confirm whatever they are told. A line of
// JSON on stdin says how many there shall be; a line on stdout says when that is so.
import { createInterface } from "node:readline";
import { CONDITIONS } from "@claviger/core";
import { WebSocket } from "ws";
import { systemRandom } from "../packages/server/src/kernel/random.ts";

const { url, credential, termMs } = JSON.parse(process.argv[2] ?? "") as Settings;
const sockets: WebSocket[] = [];
let told = 0;

interface Settings {
  readonly url: string;
  readonly credential: string;
  readonly termMs: number;
}

interface Told {
  readonly kind: string;
  readonly epoch?: string;
  readonly seq?: number;
}

/** Resolves with its first lease. */
function join(): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${credential}` };
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/verifier-stream`, "claviger.v1", { headers });
    let [epoch, seq, nonce] = ["", 0, 0];
    const say = (message: object): void => socket.send(JSON.stringify(message));
    const renew = (): void => say({ kind: "renew", nonce: ++nonce, epoch, appliedSeq: seq });
    socket.once("open", () => {
      sockets.push(socket);
      say({
        ...{ kind: "hello", versions: [1], session: Buffer.from(systemRandom.bytes(18)).toString("base64url") },
        ...{ epoch: null, appliedSeq: 0, understands: [...CONDITIONS], termMs, staleIfUnreachableMs: 0 },
        ...{ name: "crowd", software: "bench" },
      });
    });
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as Told;
      if (message.epoch !== undefined) epoch = message.epoch;
      if (message.seq !== undefined) seq = message.seq;
      if (message.kind === "invalidate" || message.kind === "resync") {
        told += 1;
        say({ kind: "ack", epoch, seq });
      } else if (message.kind === "welcome") {
        renew();
        setInterval(renew, termMs / 3).unref();
      } else if (message.kind === "grant") resolve();
      else if (message.kind === "deny") reject(new TypeError(String(data)));
    });
    socket.once("error", reject);
  });
}

const AT_ONCE = 50;

async function growTo(count: number): Promise<void> {
  while (sockets.length < count) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, join));
  }
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { count } = JSON.parse(line) as { readonly count: number };
    void growTo(count).then(() => process.stdout.write(`${JSON.stringify({ connected: sockets.length, told })}\n`));
  })
  .on("close", () => process.exit(0));
