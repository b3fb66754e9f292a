/**
 * A block device with a volatile cache, as one file that the kernel asks this process for (FUSE). It runs as a process of its
 * own because whoever uses the file waits for it. Arguments: image file, its bytes, the file to stand in for, the directory on
 * which that will be mounted. Says `ready`; at a line `cut <seed>` takes the power away and says what became of what was not
 * flushed; at the end of its input, which a test that is killed brings about as well, takes both mounts away and ends.
 *
 * What was written since the last flush is kept in the image together with what stood there before. At the cut each block of
 * 4 096 bytes is, at random, as it was, as it is, or torn between two sectors; that is what a disk promises and no more.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fsyncSync, openSync, read, readSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

const [image = "", bytesText = "0", target = "", mountPoint = ""] = process.argv.slice(2);
const BYTES = Number(bytesText);
const BLOCK = 4096;
const SECTOR = 512;

/** Of linux/fuse.h: the requests that a file without a directory around it gets. */
const REQUEST = {
  GETATTR: 3,
  SETATTR: 4,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  RELEASE: 18,
  FSYNC: 20,
  FLUSH: 25,
  INIT: 26,
} as const;
/** FORGET and BATCH_FORGET, which want no answer. */
const UNANSWERED = new Set([2, 42]);
const REQUEST_HEADER = 40;
const WRITE_HEADER = 40;
const ANSWER_HEADER = 16;
const MOST_BYTES = 1 << 20;
const BIG_WRITES_AND_MAX_PAGES = (1 << 5) | (1 << 22);
const EIO = -5;
const ENOSYS = -38;

const stored = openSync(image, "r+");
const device = openSync("/dev/fuse", "r+");
/** What stood in a block before the first write to it since the last flush. */
const before = new Map<number, Buffer>();
let powered = true;

mountOver(target);
process.stdout.write("ready\n");
serve();
createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(`${cut(Number(line.replace("cut ", "")))}\n`))
  .on("close", () => void end());

/** The descriptor of /dev/fuse is the third of `mount`, which hands it to the kernel. */
function mountOver(file: string): void {
  const options = "fd=3,rootmode=100000,user_id=0,group_id=0";
  const mount = spawnSync("mount", ["-i", "-t", "fuse", "-o", options, "claviger-test-disk", file], {
    stdio: ["ignore", "ignore", "inherit", device],
  });
  if (mount.status !== 0) process.exit(1);
}

/** Whoever tidied up before is not disturbed: what is not mounted cannot be unmounted. */
async function end(): Promise<void> {
  // Not in this thread, which the kernel asks for blocks meanwhile.
  for (const path of [mountPoint, target]) await once(spawn("umount", ["-l", path], { stdio: "ignore" }), "exit");
  process.exit(0);
}

function serve(): void {
  const buffer = Buffer.alloc(MOST_BYTES + 2 * BLOCK);
  const next = (): void => {
    read(device, buffer, 0, buffer.length, null, (error, length) => {
      if (error === null) answer(buffer.subarray(0, length));
      // Anything but an interrupted read means that the file is no longer mounted.
      else if (error.code !== "EINTR" && error.code !== "ENOENT" && error.code !== "EAGAIN") return;
      next();
    });
  };
  next();
}

function answer(request: Buffer): void {
  const kind = request.readUInt32LE(4);
  if (UNANSWERED.has(kind)) return;
  const unique = request.readBigUInt64LE(8);
  const known = Object.values(REQUEST).find((each) => each === kind);
  const needsPower = known === REQUEST.READ || known === REQUEST.WRITE || known === REQUEST.FSYNC;
  if (known === undefined) reply(unique, ENOSYS);
  else if (needsPower && !powered) reply(unique, EIO);
  else reply(unique, 0, carryOut(known, request.subarray(REQUEST_HEADER)));
}

type Known = (typeof REQUEST)[keyof typeof REQUEST];

function carryOut(kind: Known, body: Buffer): Buffer {
  const handlers: Record<Known, () => Buffer> = {
    [REQUEST.INIT]: () => agreed(body.readUInt32LE(8)),
    [REQUEST.GETATTR]: attributes,
    [REQUEST.SETATTR]: attributes,
    [REQUEST.OPEN]: () => Buffer.alloc(16),
    [REQUEST.READ]: () => readAt(Number(body.readBigUInt64LE(8)), body.readUInt32LE(16)),
    [REQUEST.WRITE]: () => writeAt(Number(body.readBigUInt64LE(8)), body.readUInt32LE(16), body),
    [REQUEST.FSYNC]: flush,
    [REQUEST.FLUSH]: () => Buffer.alloc(0),
    [REQUEST.RELEASE]: () => Buffer.alloc(0),
  };
  return handlers[kind]();
}

/** FUSE 7.31, no cache of writes in the kernel, a megabyte at a time. */
function agreed(readAhead: number): Buffer {
  const out = Buffer.alloc(64);
  out.writeUInt32LE(7, 0);
  out.writeUInt32LE(31, 4);
  out.writeUInt32LE(readAhead, 8);
  out.writeUInt32LE(BIG_WRITES_AND_MAX_PAGES, 12);
  out.writeUInt16LE(64, 16);
  out.writeUInt16LE(48, 18);
  out.writeUInt32LE(MOST_BYTES, 20);
  out.writeUInt32LE(1, 24);
  out.writeUInt16LE(MOST_BYTES / BLOCK, 28);
  return out;
}

/** A file of root's of that many bytes, to be remembered for an hour. */
function attributes(): Buffer {
  const out = Buffer.alloc(16 + 88);
  out.writeBigUInt64LE(3_600n, 0);
  out.writeBigUInt64LE(1n, 16);
  out.writeBigUInt64LE(BigInt(BYTES), 16 + 8);
  out.writeBigUInt64LE(BigInt(BYTES / SECTOR), 16 + 16);
  out.writeUInt32LE(0o100600, 16 + 60);
  out.writeUInt32LE(1, 16 + 64);
  out.writeUInt32LE(BLOCK, 16 + 80);
  return out;
}

function readAt(offset: number, size: number): Buffer {
  const out = Buffer.alloc(size);
  return out.subarray(0, readSync(stored, out, 0, size, offset));
}

function writeAt(offset: number, size: number, body: Buffer): Buffer {
  for (let at = offset - (offset % BLOCK); at < offset + size; at += BLOCK) {
    if (!before.has(at)) before.set(at, readAt(at, BLOCK));
  }
  writeSync(stored, body, WRITE_HEADER, size, offset);
  const out = Buffer.alloc(8);
  out.writeUInt32LE(size, 0);
  return out;
}

/** The image itself outlasts this process, and no more is asked of it. */
function flush(): Buffer {
  before.clear();
  return Buffer.alloc(0);
}

function cut(seed: number): string {
  powered = false;
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const fates = { lost: 0, kept: 0, torn: 0 };
  for (const [at, old] of before) {
    const fate = (["lost", "kept", "torn"] as const)[draw(3)] ?? "lost";
    fates[fate] += 1;
    if (fate === "lost") writeSync(stored, old, 0, old.length, at);
    if (fate === "torn") tear(at, old, 1 + draw(BLOCK / SECTOR - 1), draw(2) === 0);
  }
  fsyncSync(stored);
  return JSON.stringify(fates);
}

/** The first `sectors` sectors stay new and the rest old, or the other way round. */
function tear(at: number, old: Buffer, sectors: number, headIsOld: boolean): void {
  const [from, length] = headIsOld ? [0, sectors * SECTOR] : [sectors * SECTOR, BLOCK - sectors * SECTOR];
  writeSync(stored, old, from, length, at + from);
}

function reply(unique: bigint, error: number, body: Buffer = Buffer.alloc(0)): void {
  const head = Buffer.alloc(ANSWER_HEADER);
  head.writeUInt32LE(ANSWER_HEADER + body.length, 0);
  head.writeInt32LE(error, 4);
  head.writeBigUInt64LE(unique, 8);
  try {
    writeSync(device, Buffer.concat([head, body]));
  } catch {
    // Whoever asked was killed meanwhile.
  }
}
