/** How the process ends. 64 and 69 are those of sysexits.h. */
export const EXIT = {
  ok: 0,
  /** The answer is no: a refused act, a broken chain, a failed check. */
  failed: 1,
  /** A setting is wrong or the service cannot start. */
  settings: 2,
  /** The command line cannot be understood. */
  usage: 64,
  /** The service cannot be reached. */
  unavailable: 69,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
