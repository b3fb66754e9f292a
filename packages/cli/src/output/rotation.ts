/** Rotations for people: what was done, how it stands, what to do next. */
import { isObject } from "../input/json-value.ts";
import type { Io } from "../io.ts";
import { inForce, printSecret, printWaiting } from "./answer.ts";
import { listAt, objectAt, printSections } from "./sections.ts";

const VERSIONS = [
  "version",
  "status",
  "preview",
  "firstUsedAt",
  "lastUsedAt",
  "accepted1h",
  "accepted24h",
  "expiresAt",
];
const DEPENDANTS = ["name", "contact", "doneAt"];
const SOURCES = ["version", "network", "country", "agent", "service", "requests", "lastAt"];

/** `rotation show` */
export function printRotation(io: Io, body: Record<string, unknown>): void {
  const versions = listAt(body, "versions").filter(isObject);
  const sources = versions.flatMap((version) =>
    listAt(version, "sources").map((source) => ({ ...objectAt({ source }, "source"), version: version.version })),
  );
  printSections(io, [
    {
      title: "",
      fields: {
        ...{ key: body.key, version: body.version, status: body.status },
        ...(isObject(body.rotation) ? fieldsOf(body.rotation) : { rotation: "never" }),
        etag: body.etag,
      },
    },
    {
      title: "Dependants",
      rows: isObject(body.rotation) ? listAt(body.rotation, "dependants").filter(isObject) : [],
      columns: DEPENDANTS,
    },
    { title: `Versions, counted since ${String(body.since)}`, rows: versions, columns: VERSIONS },
    { title: "Sources of the last 24 hours", rows: sources, columns: SOURCES },
  ]);
}

/** An act on a rotation: how it stands after it, and what to know. */
export function printActed(io: Io, body: Record<string, unknown>): void {
  printSections(io, [{ title: "", fields: fieldsOf(objectAt(body, "rotation")) }]);
  for (const warning of listAt(body, "warnings")) {
    if (isObject(warning)) io.err(`warning: ${String(warning.message)}`);
  }
  if (isObject(body.effective)) io.err(inForce(body.effective));
}

/** `keys rotate`: the secret is the last line of stdout, all that is only for people is on stderr. */
export function printRotated(io: Io, body: Record<string, unknown>): void {
  if (printWaiting(io, body)) return;
  printActed(io, body);
  const instructions = objectAt(body, "instructions");
  io.err(`Programs read it from ${String(instructions.variable)}:`);
  for (const [index, step] of listAt(instructions, "steps").entries()) io.err(`  ${index + 1}. ${String(step)}`);
  printSecret(io, body.secret, body.link, body.handOver);
}

function fieldsOf({
  startedBy,
  overlapHours,
  dependants,
  ...rotation
}: Record<string, unknown>): Record<string, unknown> {
  const by = isObject(startedBy) ? `${String(startedBy.type)} ${String(startedBy.id)}` : "";
  return { ...rotation, "overlap hours": overlapHours, "started by": by };
}
