import type { VerifierState } from "@claviger/core";
import type { MoveKind } from "./explore.ts";
import { breakLine } from "./lines.ts";
import type { Faults, Model, ModelNode, ModelVerifier } from "./model.ts";
import { giveUpWaiting } from "./node-acts.ts";
import { failRenewal, loseRenewal } from "./node-lease-moves.ts";
import { leave, replaceNode } from "./node-moves.ts";
import { type Checked, freshVerifier, nodeAt, nodeName, nodeNow, verifierName } from "./parts.ts";
import { step } from "./verifier-moves.ts";

export type Add = (words: string, kind: MoveKind, change: (next: Model) => void) => void;

/** All that may fail next, as often as it may. */
export function addFaults(checked: Checked, model: Model, add: Add): void {
  const fault = (name: keyof Faults, words: string, change: (next: Model) => void): void => {
    if (model.left[name] === 0) return;
    add(words, "fault", (next) => {
      next.left = { ...next.left, [name]: next.left[name] - 1 };
      change(next);
    });
  };
  const { failing } = checked.bounds;
  const mayFail = (places: readonly number[] | null, place: number): boolean => places?.includes(place) !== false;
  for (const { id, broken, verifier, node } of model.lines) {
    if (broken || !mayFail(failing.verifiers, verifier)) continue;
    const words = `the connection of ${verifierName(verifier)} to ${nodeName(node)} breaks`;
    fault("breaks", words, (next) => breakLine(next, id));
  }
  for (const node of model.nodes) {
    if (mayFail(failing.nodes, node.place)) addNodeFaults(checked, model, node, fault);
  }
  for (const verifier of model.verifiers) {
    if (mayFail(failing.verifiers, verifier.place)) addVerifierFaults(checked, verifier, fault);
  }
}

type Fault = (name: keyof Faults, words: string, change: (next: Model) => void) => void;

function addNodeFaults(checked: Checked, model: Model, node: ModelNode, fault: Fault): void {
  const { place, renewing, following, leaving, renewAt } = node;
  const name = nodeName(place);
  fault("nodeKills", `${name} is killed, and starts anew`, (next) => replaceNode(next, place));
  if (!leaving && node.lease.phase === "in") {
    fault("leaves", `${name} stops in good order`, (next) => leave(checked, next, place));
  }
  if (renewing !== null) {
    fault("losses", `the answer to ${name} about its renewal is lost`, (next) =>
      failRenewal(checked, next, place, renewing.token),
    );
  } else if (!leaving && nodeNow(checked, model, place).mono >= renewAt) {
    fault("losses", `a renewal of ${name} is lost`, (next) => loseRenewal(checked, next, place, false));
    fault("losses", `a renewal of ${name} is late, and taken for lost`, (next) =>
      loseRenewal(checked, next, place, true),
    );
  }
  if (following !== null) {
    fault("losses", `what ${name} was reading is lost`, (next) => {
      nodeAt(next, place).following = null;
      giveUpWaiting(next, place);
    });
  }
  if (model.act.step === "committed" && model.act.node === place) {
    fault("losses", `${name} never hears that it is committed`, (next) => giveUpWaiting(next, place));
  }
}

function addVerifierFaults(checked: Checked, { place, state }: ModelVerifier, fault: Fault): void {
  const name = verifierName(place);
  fault("verifierKills", `${name} is killed, and starts anew`, (next) => replaceVerifier(checked, next, place, state));
  fault("closes", `${name} is closed, and starts anew`, (next) => {
    step(checked, next, place, { kind: "closed" });
    replaceVerifier(checked, next, place, state);
  });
}

/** What the former process sent may still arrive. */
function replaceVerifier(checked: Checked, next: Model, place: number, { options }: VerifierState): void {
  next.verifiers[place] = freshVerifier(checked, next, place);
  next.lines = next.lines
    .map((line) => (line.session === options.session ? { ...line, atVerifier: false, toVerifier: [] } : line))
    .filter(({ atVerifier, atNode }) => atVerifier || atNode);
}
