import { Secret } from "@claviger/core";

/** Where Redis or Valkey is. */
export interface RedisAddress {
  readonly cluster: boolean;
  readonly tls: boolean;
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | null;
  readonly password: Secret | null;
  /** 0 in a cluster, which has no other. */
  readonly db: number;
}

const URL_FORM = /^(?:redis|valkey)(s?):\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/(\d{0,3}))?(?:\?cluster=(true|false))?$/;
const NODE_FORM = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?$/;
const PORT = 6379;
const MOST_PORT = 65_535;

/**
 * `redis://user:password@host:port/database`, `rediss://` with TLS. Several addresses, separated by commas, are nodes of one
 * cluster; so is one with `?cluster=true`. Null where it is none of these.
 */
export function parseRedisAddress(text: string): RedisAddress | null {
  const [, tls, login, hosts, db, cluster] = URL_FORM.exec(text) ?? [];
  if (hosts === undefined) return null;
  const nodes = hosts.split(",").map(nodeOf);
  const known = nodes.filter((node) => node !== null);
  const inCluster = cluster === "true" || nodes.length > 1;
  const number = Number(db ?? 0);
  const contradicts = (cluster === "false" && nodes.length > 1) || (inCluster && number !== 0);
  const credentials = credentialsOf(login);
  if (known.length < nodes.length || contradicts || credentials === null) return null;
  return { cluster: inCluster, tls: tls === "s", nodes: known, ...credentials, db: number };
}

function nodeOf(text: string): { host: string; port: number } | null {
  const [, host, digits] = NODE_FORM.exec(text) ?? [];
  const port = Number(digits ?? PORT);
  if (host === undefined || port < 1 || port > MOST_PORT) return null;
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port };
}

/** `user:password`, `:password`, `user`; percent-encoded. */
function credentialsOf(login: string | undefined): Pick<RedisAddress, "username" | "password"> | null {
  if (login === undefined) return { username: null, password: null };
  try {
    const colon = login.indexOf(":");
    const username = decodeURIComponent(colon === -1 ? login : login.slice(0, colon));
    const password = colon === -1 ? "" : decodeURIComponent(login.slice(colon + 1));
    return { username: username === "" ? null : username, password: password === "" ? null : new Secret(password) };
  } catch {
    return null;
  }
}
