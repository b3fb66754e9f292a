import type { Io } from "../io.ts";

export interface Progress {
  show(done: number, total: number): void;
  /** Takes the line away. */
  clear(): void;
}

const BAR = 24;
const CLEAR_LINE = "\r\u001b[K";

/** A bar on the terminal's last line; silent where stderr is no terminal. `what` is counted. */
export function createProgress(io: Io, what: string): Progress {
  if (!io.stderrIsTerminal) return { show: () => undefined, clear: () => undefined };
  return {
    show: (done, total) => {
      const filled = total === 0 ? BAR : Math.floor((BAR * done) / total);
      io.errRaw(`${CLEAR_LINE}[${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${done} of ${total} ${what}`);
    },
    clear: () => io.errRaw(CLEAR_LINE),
  };
}
