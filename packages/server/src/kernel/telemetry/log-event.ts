import type { Logger } from "../log.ts";
import type { TelemetryEvent } from "./export-queue.ts";

/** Writes to the log what is told of a signal. */
export function logTelemetryEvent(logger: Logger, signal: string, event: TelemetryEvent): void {
  switch (event.kind) {
    case "failing":
      logger.warn(
        { signal, error: event.error },
        "telemetry cannot be sent, and what does not fit the queue is left out",
      );
      return;
    case "full":
      logger.warn({ signal }, "telemetry comes faster than it is sent, and what does not fit the queue is left out");
      return;
    case "again":
      logger.info({ signal, lost: event.lost }, "telemetry is sent again");
      return;
    case "rejected":
      logger.warn({ signal, lost: event.lost, error: event.error }, "the receiver of telemetry rejects a part of it");
      return;
    case "stopped":
      logger.warn({ signal, lost: event.lost }, "telemetry was lost at the stop");
      return;
  }
  event satisfies never;
}
