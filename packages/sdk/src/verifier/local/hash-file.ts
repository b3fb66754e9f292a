import { readFile, rename, rm, writeFile } from "node:fs/promises";
import type { WarmUpStore } from "../verifier.ts";

/** Keeps hashes in a file of this user alone. It is replaced as a whole, so that a reader never sees half of it. */
export function hashFile(path: string, suffix: () => string): WarmUpStore {
  return {
    load: async () => {
      try {
        return await readFile(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
    save: async (hashes) => {
      const draft = `${path}.${suffix()}`;
      try {
        await writeFile(draft, hashes, { mode: 0o600, flag: "wx" });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}
