import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it came. */
export interface AskedOfStore {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What happens to one request: as Vault does; an error; carried out and never answered; or not even that. */
export type StoreReaction = "answer" | "lose-answer" | "hang" | number;

/** What speaks as Vault with a KV engine of version 2 at `secret`, on loopback. */
export interface VaultServer {
  readonly url: string;
  readonly asked: readonly AskedOfStore[];
  /** By AppRole, and those whose tokens were not given back. */
  logins(): { readonly made: number; readonly left: number };
  /** What stands there now, by namespace and path as in `team/billing/key`; undefined where there is nothing. */
  read(path: string): Readonly<Record<string, unknown>> | undefined;
  /** How many versions there are of it. */
  versions(path: string): number;
  put(path: string, data: Readonly<Record<string, unknown>>): void;
  /** As `vault kv delete` does: its versions stay known. */
  softDelete(path: string): void;
  react(decide: (asked: AskedOfStore) => StoreReaction): void;
  close(): Promise<void>;
}

export interface VaultServerOptions {
  readonly token?: string;
  readonly roleId?: string;
  readonly secretId?: string;
}

interface Entry {
  version: number;
  data: Readonly<Record<string, unknown>> | null;
}
interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const errors = (status: number, ...all: readonly string[]): Answer => ({ status, body: { errors: all } });

export async function vaultServer(options: VaultServerOptions = {}): Promise<VaultServer> {
  const entries = new Map<string, Entry>();
  const tokens = new Set<string>();
  let logins = 0;
  const server = await storeServer((asked) => {
    const refused = refusalOf(asked, options, tokens);
    if (refused !== null) return refused;
    if (asked.path === "/v1/auth/approle/login") {
      logins += 1;
      const token = `hvs.of-login-${logins}`;
      tokens.add(token);
      return { status: 200, body: { auth: { client_token: token } } };
    }
    if (asked.path === "/v1/auth/token/revoke-self") {
      tokens.delete(String(asked.headers["x-vault-token"]));
      return { status: 204 };
    }
    const path = /^\/v1\/secret\/data\/(.+)$/.exec(asked.path)?.[1];
    if (path === undefined) return errors(404, "no handler for route");
    const namespace = asked.headers["x-vault-namespace"];
    return carryOut(entries, namespace === undefined ? path : `${String(namespace)}/${path}`, asked);
  });
  return {
    ...server,
    logins: () => ({ made: logins, left: tokens.size }),
    read: (path) => entries.get(path)?.data ?? undefined,
    versions: (path) => entries.get(path)?.version ?? 0,
    put: (path, data) => void entries.set(path, { version: (entries.get(path)?.version ?? 0) + 1, data }),
    softDelete: (path) => void entries.set(path, { version: entries.get(path)?.version ?? 0, data: null }),
  };
}

function refusalOf(
  { method, path, headers, body }: AskedOfStore,
  options: VaultServerOptions,
  tokens: ReadonlySet<string>,
): Answer | null {
  if (headers["x-vault-request"] !== "true") return errors(400, "the header X-Vault-Request is missing");
  if (method === "POST" && headers["content-type"] !== "application/json") return errors(400, "not JSON");
  if (path === "/v1/auth/approle/login") {
    const { role_id: role, secret_id: secret } = JSON.parse(body) as Record<string, unknown>;
    return role === options.roleId && secret === options.secretId ? null : errors(400, "invalid role or secret ID");
  }
  const token = String(headers["x-vault-token"]);
  const known = options.roleId === undefined ? token === (options.token ?? "hvs.of-a-test") : tokens.has(token);
  return known ? null : errors(403, "permission denied");
}

function carryOut(entries: Map<string, Entry>, path: string, { method, body }: AskedOfStore): Answer {
  const entry = entries.get(path);
  const metadata = { version: entry?.version ?? 0, created_time: "2026-01-31T09:00:00Z", destroyed: false };
  if (method === "GET") {
    if (entry === undefined) return errors(404);
    const { data } = entry;
    return { status: data === null ? 404 : 200, body: { data: { data, metadata } } };
  }
  if (method !== "POST") return errors(405, "unsupported operation");
  const { options, data } = JSON.parse(body) as { options?: { cas?: unknown }; data?: Record<string, unknown> };
  if (typeof options?.cas !== "number" || data === undefined) return errors(400, "check-and-set parameter required");
  if (options.cas !== metadata.version) return errors(400, "check-and-set parameter did not match the current version");
  entries.set(path, { version: metadata.version + 1, data });
  return { status: 200, body: { data: { ...metadata, version: metadata.version + 1 } } };
}

/** A server that answers by what it was asked, and does as it is told with the answer. */
export async function storeServer(carry: (asked: AskedOfStore) => Answer) {
  const asked: AskedOfStore[] = [];
  let react: (asked: AskedOfStore) => StoreReaction = () => "answer";
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (bytes: Buffer) => chunks.push(bytes));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
      asked.push(one);
      const reaction = react(one);
      if (reaction === "hang") return;
      const { status, body } = typeof reaction === "number" ? errors(reaction, "as the test wants it") : carry(one);
      if (reaction === "lose-answer") request.socket.destroy();
      else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, asked },
    react: (decide: (asked: AskedOfStore) => StoreReaction) => {
      react = decide;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
