import { ClavigerError, type Timers } from "@claviger/core";
import type { Logger } from "./log.ts";

const MOST_AT_ONCE = 4;
/** An export that nobody reads for so long, in milliseconds, is given up. */
const UNREAD_MS = 60_000;

export interface ExportsPorts {
  readonly logger: Logger;
  readonly timers: Timers;
}

/** For the log. */
export interface ExportName {
  readonly operation: string;
  /** `an export of metering` */
  readonly what: string;
  readonly requestId: string | null;
}

/**
 * Exports of one node, in bounded memory: each page is made when the one before has been taken. At most four are under way at once; one
 * that is not read for a minute, or whose rows cannot be read, breaks off.
 */
export class Exports {
  readonly #ports: ExportsPorts;
  #underWay = 0;

  constructor(ports: ExportsPorts) {
    this.#ports = ports;
  }

  /** Throws UNAVAILABLE where as many as may be are under way. */
  demandPlace(): void {
    if (this.#underWay < MOST_AT_ONCE) return;
    throw new ClavigerError("UNAVAILABLE", { publicDetail: "Four exports are under way already; try again later." });
  }

  /** Throws as `demandPlace`. */
  start(
    pages: AsyncGenerator<Uint8Array, void>,
    { operation, what, requestId }: ExportName,
  ): ReadableStream<Uint8Array> {
    this.demandPlace();
    this.#underWay += 1;
    const { logger, timers } = this.#ports;
    let stopWaiting: (() => void) | null = null;
    let ended = false;
    const end = () => {
      stopWaiting?.();
      if (!ended) this.#underWay -= 1;
      ended = true;
    };
    const breakOff = (controller: ReadableStreamDefaultController, error: unknown, message: string) => {
      if (ended) return;
      end();
      logger.warn({ error, operation, requestId }, message);
      controller.error(error);
    };
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          stopWaiting?.();
          try {
            const { value, done } = await pages.next();
            if (ended) return;
            if (done === true) {
              end();
              return controller.close();
            }
            controller.enqueue(value);
            stopWaiting = timers.after(UNREAD_MS, () =>
              breakOff(controller, new Error("nobody reads"), `${what} was not read and is given up`),
            );
          } catch (error) {
            breakOff(controller, error, `${what} broke off`);
          }
        },
        cancel: end,
      },
      { highWaterMark: 1 },
    );
  }
}
