/** A stream becomes its lines, wherever it is cut into pieces, and what is wrong with one line is wrong with no other. */
import { seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import { type ReadLine, readLines } from "./read-lines.ts";

const FIELDS: ReadonlySet<string> = new Set(["label", "key", "scopes"]);
const NDJSON = "application/x-ndjson";

async function readAll(pieces: readonly Uint8Array[], type: string): Promise<ReadLine[]> {
  const left = [...pieces];
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
  return allOf(readLines(stream, type, FIELDS));
}

async function allOf<T>(lines: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

test("of NDJSON, however it is cut: values, empty lines, lines that are no JSON, too long or no UTF-8", async (context) => {
  const random = seededRandom(context);
  const long = `{"label":"${"x".repeat(65_600)}"}`;
  const whole = Buffer.concat([
    bytes('{"label":"ä €","key":1}\r\n\n  \n{"label"\n'),
    bytes(`${long}\n`),
    Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    bytes('{"__proto__":1}\n{"label":"last"}'),
  ]);
  const expected = [
    { value: { label: "ä €", key: 1 } },
    {},
    {},
    { fault: "is no JSON" },
    { fault: "is longer than 65536 bytes" },
    { fault: "is no JSON" },
    { fault: "is no JSON" },
    { value: { label: "last" } },
  ];
  for (let round = 0; round < 30; round += 1) {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < whole.length; ) {
      const size = 1 + random.int(round < 3 ? 40 : 20_000);
      pieces.push(whole.subarray(at, at + size));
      at += size;
    }
    expect(await readAll(pieces, NDJSON)).toEqual(expected);
  }
});

test("of CSV: quoted cells with line ends in them, cells that say nothing or null, rows of another length", async () => {
  const text = '\ufefflabel,key,scopes\r\n"one\ntwo",k,a b\r\n\r\nshort\r\nthree,,null\r\n';
  for (const pieces of [[bytes(text)], [...bytes(text)].map((byte) => new Uint8Array([byte]))]) {
    expect(await readAll(pieces, "text/csv")).toEqual([
      { value: { label: "one\ntwo", key: "k", scopes: ["a", "b"] } },
      { fault: "has 1 cells, not 3" },
      { value: { label: "three", scopes: null } },
    ]);
  }
});

test("nothing is read of no stream, and one that breaks off after some lines says so after them", async () => {
  expect(await allOf(readLines(null, NDJSON, FIELDS))).toEqual([]);
  let pulls = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulls += 1;
      if (pulls === 1) controller.enqueue(bytes('{"label":"a"}\n{"lab'));
      else controller.error(new Error("gone"));
    },
  });
  const read: ReadLine[] = [];
  const reading = (async () => {
    for await (const line of readLines(stream, NDJSON, FIELDS)) read.push(line);
  })();
  await expect(reading).rejects.toMatchObject({ code: "VALIDATION_FAILED", publicDetail: "The stream broke off." });
  expect(read).toEqual([{ value: { label: "a" } }]);
});
