import { ClavigerError } from "@claviger/core";

/** `work`, or UNAVAILABLE once `ms` milliseconds have passed; `work` itself goes on, and its failure is nobody's any more. */
export function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ClavigerError("UNAVAILABLE", { internal: `${what} took too long` })), ms);
    timer.unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Whether an error says that something took too long. */
export function isLate(error: unknown): boolean {
  return error instanceof ClavigerError && error.code === "UNAVAILABLE";
}
