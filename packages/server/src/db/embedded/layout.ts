import { join } from "node:path";

/** Where things are below the data directory. */
export interface Layout {
  readonly dataDir: string;
  /** PostgreSQL's programs and libraries. */
  readonly runtimeDir: string;
  /** What one initialisation makes and one rename puts in place: the next four. */
  readonly clusterDir: string;
  /** PostgreSQL's own data directory; belongs to the account it runs as. */
  readonly pgData: string;
  readonly passwordFile: string;
  readonly configFile: string;
  readonly hbaFile: string;
}

export function layoutOf(dataDir: string): Layout {
  const clusterDir = join(dataDir, "postgres");
  return { dataDir, runtimeDir: join(dataDir, "pg-runtime"), clusterDir, ...clusterLayout(clusterDir) };
}

/** The parts of a cluster, which at first lie in a directory of another name. */
export function clusterLayout(clusterDir: string): Pick<Layout, "pgData" | "passwordFile" | "configFile" | "hbaFile"> {
  return {
    pgData: join(clusterDir, "data"),
    passwordFile: join(clusterDir, "passwords.json"),
    configFile: join(clusterDir, "postgresql.conf"),
    hbaFile: join(clusterDir, "pg_hba.conf"),
  };
}
