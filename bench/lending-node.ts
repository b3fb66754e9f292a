// Run by lent-verifier.ts, in a process of its own: lends to one verifier and answers its look-ups, as a node does, from a
// fixture instead of a database. Its part is over before anything is measured, but for renewals and counts.
import { hash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  conditionsOf,
  type NodeMessage,
  parseVerifierMessage,
  type VerifierMessage,
  WIRE_LIMITS,
} from "@claviger/core";
import { WebSocketServer } from "ws";
import { CATALOGUE_SOURCE, entryOf, NOW, secrets, TAG_KEY } from "./fixture.ts";

const EPOCH = "bench";
const SEQ = 1;
const SETTINGS = {
  tagKeys: [Buffer.from(TAG_KEY).toString("base64")],
  keyPrefix: "acme",
  environment: "live",
};
const LIMITS = { frameBytes: WIRE_LIMITS.verifierFrameBytes, usageRows: 1_000, openLookups: WIRE_LIMITS.openLookups };

function answerTo(message: VerifierMessage, numbers: ReadonlyMap<string, number>, time: number): NodeMessage | null {
  switch (message.kind) {
    case "hello":
      return {
        kind: "welcome",
        version: 1,
        epoch: EPOCH,
        seq: SEQ,
        serverTime: time,
        node: "bench",
        settings: SETTINGS,
        limits: LIMITS,
      };
    case "renew":
      return {
        kind: "grant",
        nonce: message.nonce,
        epoch: EPOCH,
        seq: SEQ,
        termMs: 60_000,
        staleMs: 0,
        serverTime: time,
      };
    case "lookup": {
      const found = { kind: "record", id: message.id, asOfSeq: SEQ } as const;
      const n = numbers.get(message.hash);
      if (n === undefined) return { ...found, outcome: "refused", code: "NOT_FOUND" };
      const { record, version, accountNote } = entryOf(n);
      const entry = { record, version, accountExternalId: accountNote ?? null, limits: [] };
      return { ...found, outcome: "entry", entry: { ...entry, conditions: conditionsOf(entry) } };
    }
    case "catalogue":
      return { kind: "catalogue", id: message.id, asOfSeq: SEQ, source: CATALOGUE_SOURCE };
    case "settings":
      return { kind: "settings", id: message.id, asOfSeq: SEQ, settings: SETTINGS };
    case "usage":
      return { kind: "usage-ok", batch: message.batch };
    case "ack":
    case "spend":
    case "release":
      return null;
  }
  return message satisfies never;
}

function main(): void {
  const keys = secrets(Number(process.argv[2]), TAG_KEY, 1);
  const numbers = new Map(keys.map((key, n) => [hash("sha256", key, "base64url"), n]));
  const offset = NOW - Date.now();
  const server = createServer();
  const stream = new WebSocketServer({ server, path: "/v1/verifier-stream", handleProtocols: () => "claviger.v1" });
  stream.on("connection", (socket) => {
    socket.on("message", (data) => {
      const parsed = parseVerifierMessage(JSON.parse(String(data)));
      if (!parsed.ok) throw new TypeError(`a verifier said what nobody understands: ${parsed.error.field}`);
      const answer = answerTo(parsed.message, numbers, Date.now() + offset);
      if (answer !== null) socket.send(JSON.stringify(answer));
    });
  });
  // Ends with whoever started it, however that ends.
  process.stdin.resume().on("close", () => process.exit());
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
}

main();
