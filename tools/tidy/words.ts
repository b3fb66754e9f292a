import type { Source, Violation } from "./source.ts";

interface Word {
  readonly pattern: RegExp;
  readonly reason: string;
}

/** Put together here, so that this file does not hold what it looks for. */
const UNFINISHED = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);
const MACHINE = new RegExp(`(?<![\\w.\\-})*~/])/(${["root", "work", "home", "Users"].join("|")})/`);
const REGISTRY = /registry\.(npmjs|yarnpkg)\.|npm\.pkg\.github|artifactory|verdaccio|npmmirror|\bregistry\s*=\s*http/i;

const WORDS: readonly Word[] = [
  { pattern: UNFINISHED, reason: "is marked as unfinished: finish it, or write down in docs what is not there" },
  { pattern: MACHINE, reason: "names a folder of one machine: paths start from the repository, or are configured" },
  { pattern: REGISTRY, reason: "names a package registry: which one is used is each machine's own affair" },
];

/** Words that no file of the repository holds, whatever its language. */
export function words(sources: readonly Source[]): Violation[] {
  return sources.flatMap(({ path, text }) =>
    path.startsWith("tools/tidy/words.")
      ? []
      : text
          .split("\n")
          .flatMap((line, index) =>
            WORDS.filter(({ pattern }) => pattern.test(line)).map(({ reason }) => ({ path, line: index + 1, reason })),
          ),
  );
}

/** Lockfiles keep checksums, not places: an installation must work from any registry. */
export function lockfiles(sources: readonly Source[]): Violation[] {
  return sources
    .filter(({ path }) => /(^|\/)package-lock\.json$/.test(path))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) =>
        /"resolved":\s*"(?!file:)[a-z+]+:/.test(line)
          ? [
              {
                path,
                line: index + 1,
                reason: "names the host a package came from: set omit-lockfile-registry-resolved and install again",
              },
            ]
          : [],
      ),
    );
}
