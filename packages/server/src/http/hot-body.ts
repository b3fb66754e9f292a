import { isAscii } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Operation } from "@claviger/contract";
import { parseJson } from "../kernel/parse-json.ts";
import { parseWith } from "../kernel/parse-with.ts";

/**
 * Reads a body of stated length. `take` is called once, with all of it; never where the connection ends before, which
 * node:http sees to.
 */
export function takeBody(request: IncomingMessage, length: number, take: (body: Buffer) => void): void {
  // Mostly it came together with the headers, and is there when node:http has gone through what it was given: then it is taken at
  // once, which is less work than to listen for its pieces.
  process.nextTick(() => {
    const whole: Buffer | null = request.readableLength >= length ? request.read(length) : null;
    if (whole !== null) return take(whole);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => take(Buffer.concat(chunks)));
  });
}

/** A body of JSON by the contract. Throws MALFORMED_JSON, VALIDATION_FAILED. */
export function parseBody({ body, plainBody }: Operation, bytes: Buffer): unknown {
  const plain = plainBody !== undefined && isAscii(bytes) ? plainBody(bytes, bytes.toString("latin1")) : undefined;
  return plain ?? parseWith(body, parseJson(bytes));
}
