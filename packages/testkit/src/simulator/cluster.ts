import type { Database } from "./database.ts";
import type { History } from "./history.ts";
import type { Link } from "./links.ts";
import type { Mistake, Rules } from "./rules.ts";
import type { Scene } from "./scene.ts";
import type { World } from "./world.ts";

/** What the simulated processes share; who they are is in `parties.ts`. */
export interface Surroundings {
  readonly world: World;
  readonly database: Database;
  readonly history: History;
  readonly rules: Rules;
  readonly scene: Scene;
  /** Changes that the log keeps. */
  readonly logKept: number;
  /** Subjects that rings of invalidations keep. */
  readonly ringKept: number;
  readonly longestDelay: number;
  readonly keys: readonly string[];
  /** A name that was not given out before. */
  readonly newName: (what: string) => string;
  /** A change was committed: whoever listens may be woken, or not. */
  readonly notify: () => void;
}

export function makes(cluster: Surroundings, mistake: Mistake): boolean {
  return cluster.rules.mistakes[mistake] === true;
}

/** A request to the database over `link`, that is answered, or is not in time; then its outcome is not known. */
export function askDatabase<T>(
  { world, database }: Surroundings,
  link: Link,
  process: { receive(run: () => void): void; after(ms: number, run: () => void): void },
  timeoutMs: number,
  work: (answer: (value: T) => void) => void,
  done: (value: T | null) => void,
): void {
  let open = true;
  const finish = (value: T | null): void => {
    if (!open) return;
    open = false;
    done(value);
  };
  process.after(timeoutMs, () => finish(null));
  if (link.isCut) return;
  world.after(link.delay(), () => {
    if (link.isCut || !database.up) return;
    work((value) => {
      if (link.isCut) return;
      world.after(link.delay(), () => process.receive(() => finish(value)));
    });
  });
}
