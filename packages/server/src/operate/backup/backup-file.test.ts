import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemRandom } from "../../kernel/random.ts";
import { fileSink, openBackup, openToWrite, partialOf, RecordWriter } from "./backup-file.ts";
import { type BackupSecret, newKeySource } from "./backup-key.ts";
import { newEnvelope, Segment, START } from "./envelope.ts";

const SECRET: BackupSecret = { key: Buffer.alloc(32, 7).toString("base64"), passphrase: null };
const OTHER: BackupSecret = { key: Buffer.alloc(32, 8).toString("base64"), passphrase: null };
const PHRASE: BackupSecret = { key: null, passphrase: "correct horse battery staple" };
const TEXTS = ["the first", "the second, which is longer", "", "the last but one", "the end"];

let dir: string;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "claviger-backup-file-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const place = (): string => {
  count += 1;
  return join(dir, String(count));
};

/** A backup of these texts; with `cut`, of two segments as a resumed one has them. */
async function make(texts: readonly string[], secret = SECRET, cut?: number): Promise<string> {
  const path = place();
  const { envelope, bytes } = await newEnvelope(`id ${path}`, secret, newKeySource(secret, systemRandom));
  const sink = fileSink(path, await openToWrite(partialOf(path), "w"));
  await sink.write(bytes);
  const first = texts.slice(0, cut);
  const writer = new RecordWriter(sink, envelope, START, systemRandom);
  for (const [index, text] of first.entries()) await writer.write(Buffer.from(text), index === texts.length - 1);
  if (cut !== undefined) {
    const before = await positionAfter(partialOf(path), secret, cut);
    const second = new RecordWriter(sink, envelope, before, systemRandom);
    for (const [index, text] of texts.slice(cut).entries())
      await second.write(Buffer.from(text), index === texts.length - cut - 1);
  }
  await sink.finish();
  return path;
}

async function positionAfter(path: string, secret: BackupSecret, records: number) {
  const file = await openBackup(path, secret);
  try {
    for await (const { position } of file.records()) if (position.records === records) return position;
  } finally {
    await file.close();
  }
  throw new Error("there are fewer records");
}

async function read(path: string, secret = SECRET): Promise<string[]> {
  const file = await openBackup(path, secret);
  try {
    const texts: string[] = [];
    for await (const { plain } of file.records()) texts.push(Buffer.from(plain).toString());
    return texts;
  } finally {
    await file.close();
  }
}

const REFUSALS = ["BACKUP_DAMAGED", "BACKUP_INCOMPLETE", "BACKUP_KEY_WRONG", "BACKUP_NEWER", "BACKUP_KEY_UNSUITABLE"];

async function expectRefused(bytes: Uint8Array): Promise<void> {
  const path = place();
  await writeFile(path, bytes);
  const error: unknown = await read(path).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "OperateError" });
  expect(REFUSALS).toContain((error as { code: string }).code);
}

/** The file cut into header and records; a record's first byte says what it is. */
function parts(bytes: Buffer): Buffer[] {
  const headerEnd = 22 + bytes.readUInt32BE(18);
  const found = [bytes.subarray(0, headerEnd)];
  for (let at = headerEnd; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

describe("a backup file opens as it was written, or not at all (J10)", () => {
  test.each([undefined, 1, 3])(
    "all records come back, also from a file that was gone on with (cut: %s)",
    async (cut) => {
      expect(await read(await make(TEXTS, SECRET, cut))).toEqual(TEXTS);
    },
  );

  test("one bit changed anywhere is found", async () => {
    const whole = await readFile(await make(TEXTS, SECRET, 2));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length * 8 - 1), async (bit) => {
        const bytes = Buffer.from(whole);
        const at = Math.floor(bit / 8);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit % 8)), at);
        await expectRefused(bytes);
      }),
      { numRuns: 400 },
    );
  });

  test("an end that is missing is found, wherever it was cut, and so is anything behind the end", async () => {
    const whole = await readFile(await make(TEXTS, SECRET, 2));
    for (let length = 0; length < whole.length; length += 1) await expectRefused(whole.subarray(0, length));
    await expectRefused(Buffer.concat([whole, Buffer.from([0])]));
    await expectRefused(Buffer.concat([whole, whole.subarray(-40)]));
  });

  test("records and segments swapped, repeated, left out, or taken from another backup under the same key are found", async () => {
    const own = parts(await readFile(await make(TEXTS, SECRET, 2)));
    const other = parts(await readFile(await make(TEXTS, SECRET, 2)));
    for (let one = 1; one < own.length; one += 1) {
      await expectRefused(Buffer.concat(own.filter((_, index) => index !== one)));
      await expectRefused(Buffer.concat(own.flatMap((part, index) => (index === one ? [part, part] : [part]))));
      await expectRefused(Buffer.concat(own.map((part, index) => (index === one ? (other[index] ?? part) : part))));
      for (let two = one + 1; two < own.length; two += 1) {
        const swapped = own.map((part, index) => own[index === one ? two : index === two ? one : index] ?? part);
        await expectRefused(Buffer.concat(swapped));
      }
    }
    const [header = Buffer.alloc(0)] = other;
    await expectRefused(Buffer.concat([header, ...own.slice(1)]));
  });

  test("another key does not open it, and is told from damage", async () => {
    const path = await make(TEXTS);
    await expect(read(path, OTHER)).rejects.toMatchObject({ code: "BACKUP_KEY_WRONG" });
    await expect(read(path, PHRASE)).rejects.toMatchObject({ code: "BACKUP_KEY_UNSUITABLE" });
  });

  test("a passphrase opens what it closed, another does not, and a short one is refused", async () => {
    const path = await make(TEXTS, PHRASE);
    expect(await read(path, PHRASE)).toEqual(TEXTS);
    const wrong = { key: null, passphrase: "correct horse battery stable" };
    await expect(read(path, wrong)).rejects.toMatchObject({ code: "BACKUP_KEY_WRONG" });
    const short = { key: null, passphrase: "too short" };
    expect(() => newKeySource(short, systemRandom)).toThrow("CLAVIGER_BACKUP_PASSPHRASE: has 9 characters");
  });

  test("what is written again after an interruption is never sealed with a key and nonce that were used before", async () => {
    const { envelope } = await newEnvelope("id", SECRET, { kind: "key" });
    const torn = new Segment(envelope, START, systemRandom.bytes(32)).seal(Buffer.alloc(64), false);
    const again = new Segment(envelope, START, systemRandom.bytes(32)).seal(Buffer.alloc(64), false);
    // Equal texts under one key and nonce would give equal bytes.
    expect(Buffer.from(torn.subarray(5, 69)).equals(again.subarray(5, 69))).toBe(false);
  });

  test("the file has its name only once it is whole, and only its owner may read it", async () => {
    const path = place();
    const { envelope, bytes } = await newEnvelope("id", SECRET, { kind: "key" });
    const handle = await openToWrite(partialOf(path), "w");
    expect((await handle.stat()).mode & 0o777).toBe(0o600);
    const sink = fileSink(path, handle);
    await sink.write(bytes);
    await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
    await new RecordWriter(sink, envelope, START, systemRandom).write(Buffer.from("all"), true);
    await sink.finish();
    expect(await read(path)).toEqual(["all"]);
  });
});
