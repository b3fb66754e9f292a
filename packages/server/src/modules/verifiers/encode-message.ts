import type { NodeMessage } from "@claviger/core";

/**
 * Writes messages as JSON. An invalidation goes to many sessions, each time as an object of its own around the same list,
 * so the text of the last one is kept.
 */
export function createEncoder(): (message: NodeMessage) => string {
  let last: { readonly after: number; readonly seq: number; readonly subjects: readonly string[] } | null = null;
  let text = "";
  return (message) => {
    if (message.kind !== "invalidate") return JSON.stringify(message);
    const { after, seq, subjects } = message;
    if (last === null || last.subjects !== subjects || last.after !== after || last.seq !== seq) {
      last = { after, seq, subjects };
      text = JSON.stringify(message);
    }
    return text;
  };
}
