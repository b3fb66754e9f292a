import { type AuditReport, verifyAudit } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { createProgress } from "../../output/progress.ts";
import { operate } from "./operate.ts";

/** Checks the whole chain of the audit trail, and its end against the anchor. 0 when it holds, else 1. */
export async function runVerifyAudit(io: Io, json: boolean): Promise<ExitCode> {
  const progress = createProgress(io, "events checked");
  const report = await operate(io, (options) => verifyAudit({ ...options, onProgress: progress.show })).finally(
    progress.clear,
  );
  if (json) io.out(JSON.stringify(report));
  else io.out(lineOf(report));
  if (!json && report.anchor === "absent") {
    io.err(
      "There is no anchor in this data directory, so a cut-off end cannot be told; run it where the service runs.",
    );
  }
  return report.ok ? EXIT.ok : EXIT.failed;
}

function lineOf(report: AuditReport): string {
  return report.ok
    ? `ok: ${report.events} events, head ${report.headSeq} ${report.headHash}`
    : `broken at event ${report.brokenAt} (${report.reason}): ${report.detail}`;
}
