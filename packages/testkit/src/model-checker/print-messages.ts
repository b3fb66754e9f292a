import type { NodeMessage, VerifierMessage } from "@claviger/core";
import type { Fingerprint } from "./fingerprint.ts";
import { type ModelLine, SUBJECT } from "./model.ts";

const NONE = -1;

/** What the verifier of a line waits for: messages count by how they answer it. */
export interface Asker {
  /** Null: the line is of a process that was there before. */
  readonly lastNonce: number | null;
  /** The look-up under way. */
  readonly asked: number | null;
}

const OF_VERIFIER: Readonly<Record<VerifierMessage["kind"], number>> = {
  ...{ hello: 0, renew: 1, ack: 2, lookup: 3, catalogue: 4, settings: 5, usage: 6, spend: 7, release: 8 },
};
const OF_NODE: Readonly<Record<NodeMessage["kind"], number>> = {
  ...{ welcome: 0, grant: 1, deny: 2, invalidate: 3, resync: 4, record: 5, catalogue: 6, settings: 7, budget: 8 },
  ...{ unanswered: 9, goodbye: 10, fault: 11, "usage-ok": 12 },
};

export function addMessages(print: Fingerprint, { toNode, toVerifier }: ModelLine, asker: Asker): void {
  print.add(toNode.length);
  for (const message of toNode) addToNode(print, message, asker);
  print.add(toVerifier.length);
  for (const message of toVerifier) addToVerifier(print, message, asker);
}

export function addSubjects(print: Fingerprint, subjects: readonly string[]): void {
  print.add(subjects.length * 2 + (subjects.includes(SUBJECT) ? 1 : 0));
}

function addToNode(print: Fingerprint, message: VerifierMessage, { lastNonce, asked }: Asker): void {
  print.add(OF_VERIFIER[message.kind]);
  switch (message.kind) {
    case "hello":
      print.addFlag(message.epoch !== null);
      print.add(message.appliedSeq);
      return;
    case "renew":
      print.add(lastNonce === null ? NONE : lastNonce - message.nonce);
      print.add(message.appliedSeq);
      return;
    case "ack":
      print.add(message.seq);
      return;
    case "lookup":
      print.addFlag(message.id === asked);
      return;
  }
}

function addToVerifier(print: Fingerprint, message: NodeMessage, { lastNonce, asked }: Asker): void {
  print.add(OF_NODE[message.kind]);
  switch (message.kind) {
    case "welcome":
      print.add(message.seq);
      return;
    case "grant":
      print.add(lastNonce === null ? NONE : lastNonce - message.nonce);
      print.add(message.seq);
      print.add(message.termMs);
      return;
    case "deny":
      print.add(lastNonce === null || message.nonce === null ? NONE : lastNonce - message.nonce);
      print.add(message.retryAfterMs ?? NONE);
      return;
    case "invalidate":
      print.add(message.after);
      print.add(message.seq);
      addSubjects(print, message.subjects);
      return;
    case "resync":
      print.add(message.seq);
      return;
    case "record":
      print.addFlag(message.id === asked);
      print.add(message.asOfSeq);
      print.addFlag(message.outcome === "entry" && message.entry.record.state === "active");
      return;
    case "unanswered":
      print.addFlag(message.id === asked);
      return;
  }
}
