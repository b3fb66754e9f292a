import type { NodeMessage, VerifierMessage } from "@claviger/core";
import type { Model, ModelLine } from "./model.ts";
import { lineAt } from "./parts.ts";

/** Nothing is sent where nobody can receive it. */
export function sendToNode(next: Model, id: number, message: VerifierMessage): void {
  const line = lineAt(next, id);
  if (line?.atVerifier !== true || !line.atNode || line.broken) return;
  line.toNode = [...line.toNode, message];
}

export function sendToVerifier(next: Model, id: number, message: NodeMessage): void {
  const line = lineAt(next, id);
  if (line?.atNode !== true || !line.atVerifier || line.broken) return;
  line.toVerifier = [...line.toVerifier, message];
}

export function openLine(next: Model, line: Pick<ModelLine, "verifier" | "node" | "number" | "session">): number {
  next.names += 1;
  const id = next.names;
  const opened: ModelLine = {
    ...{ ...line, id, toNode: [], toVerifier: [], broken: false, atVerifier: true, atNode: true, greeted: null },
  };
  // Those of one verifier together, so that it makes no difference who came first.
  const after = next.lines.findIndex(({ verifier }) => verifier > line.verifier);
  next.lines.splice(after === -1 ? next.lines.length : after, 0, opened);
  return id;
}

/** What was sent before is still under way to the node. */
export function closeAtVerifier(next: Model, id: number): void {
  const line = lineAt(next, id);
  if (line === undefined) return;
  line.atVerifier = false;
  line.toVerifier = [];
  forgetClosed(next);
}

export function closeAtNode(next: Model, id: number): void {
  const line = lineAt(next, id);
  if (line === undefined) return;
  line.atNode = false;
  line.toNode = [];
  forgetClosed(next);
}

export function breakLine(next: Model, id: number): void {
  const line = lineAt(next, id);
  if (line === undefined) return;
  line.broken = true;
  line.toNode = [];
  line.toVerifier = [];
}

/** Whether this end can notice that the other one is gone. */
export function isLostToNode(line: ModelLine): boolean {
  return line.atNode && line.toNode.length === 0 && (line.broken || !line.atVerifier);
}

export function isLostToVerifier(line: ModelLine): boolean {
  return line.atVerifier && line.toVerifier.length === 0 && (line.broken || !line.atNode);
}

function forgetClosed(next: Model): void {
  next.lines = next.lines.filter(({ atVerifier, atNode }) => atVerifier || atNode);
}
