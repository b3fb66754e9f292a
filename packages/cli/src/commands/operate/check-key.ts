import { type ParseKeyFailure, parseKey } from "@claviger/core";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { readPresentedKey } from "../../input/secrets.ts";
import type { Io } from "../../io.ts";
import { printFields } from "../../output/table.ts";

const REASONS: Readonly<Record<ParseKeyFailure["reason"], string>> = {
  length: "no key is that long or that short",
  shape: "it has not the form <prefix>_<tag>_<36 characters>",
  checksum: "its checksum is wrong: a character was changed, or it is no key at all",
};

/** Says offline whether a string is a well-formed key; `-` reads it from stdin. 0 when it is, else 1. */
export async function runCheckKey(io: Io, given: string, json: boolean): Promise<ExitCode> {
  const text = given === "-" ? (await readPresentedKey(io, true)).reveal() : given;
  const parsed = parseKey(text);
  if (parsed.ok) {
    const { prefix, tag, checksum } = parsed;
    if (json) io.out(JSON.stringify({ ok: true, prefix, tag, checksum }));
    else printFields(io, { key: "well-formed", prefix, tag, checksum: `${checksum}, right` });
    return EXIT.ok;
  }
  if (json) io.out(JSON.stringify({ ok: false, reason: parsed.reason }));
  else io.out(`no key: ${REASONS[parsed.reason]}`);
  return EXIT.failed;
}
