/** Real Redis servers on loopback, each in a temporary directory of its own: alone, with a replica, or as a cluster. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestCertificate } from "./certificate.ts";
import { waitFor } from "./wait.ts";

export interface RedisOptions {
  /** `always`: every write is on disk before it is answered. `everysec`: within about a second. Default: nothing is kept. */
  readonly append?: "always" | "everysec";
  readonly password?: string;
  /** Speaks TLS, and nothing else, with this. */
  readonly tls?: TestCertificate;
  /** Further settings, as on the command line of `redis-server`. */
  readonly settings?: readonly string[];
}

export interface RedisServer {
  readonly port: number;
  /** For `REDIS_URL`. */
  readonly url: string;
  /** Runs a command with `redis-cli`; what it prints, without the newline at the end. */
  command(...words: string[]): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Ends it without warning, and waits until it is gone. */
  kill9(): Promise<void>;
  /** Starts it again on the same data; ends it without warning before, where it still runs. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface RedisCluster {
  readonly url: string;
  /** Three masters, then their replicas, if any. */
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

const START_MS = 20_000;
const run = promisify(execFile);

/** Of a port that is free now, or the one 10 000 above, another program may be quicker to take hold. */
const PORTS_TRIED = 5;

export async function redisServer(options: RedisOptions = {}): Promise<RedisServer> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await redisAt(await freePort(), options);
    } catch (error) {
      if (tried === PORTS_TRIED) throw error;
    }
  }
}

async function redisAt(port: number, options: RedisOptions): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), "claviger-redis-"));
  const { append, password, tls, settings = [] } = options;
  const args = [
    ...(tls === undefined ? ["--port", String(port)] : await tlsSettings(dir, port, tls)),
    ...["--bind", "127.0.0.1", "--dir", dir, "--save", "", "--daemonize", "no"],
    ...(append === undefined ? [] : ["--appendonly", "yes", "--appendfsync", append]),
    ...(password === undefined ? [] : ["--requirepass", password]),
    ...settings,
  ];
  const command = async (...words: string[]): Promise<string> => {
    const login = password === undefined ? {} : { REDISCLI_AUTH: password };
    const by = tls === undefined ? [] : ["--tls", "--cacert", join(dir, CERTIFICATE)];
    const args = ["-p", String(port), ...by, ...words];
    const { stdout } = await run("redis-cli", args, { env: { ...process.env, ...login } });
    return stdout.trimEnd();
  };
  /** This very process, and not another one that was given the port. */
  const answers = async ({ pid, exitCode }: ChildProcess): Promise<boolean> => {
    if (exitCode !== null)
      throw new TypeError(`redis-server ended with ${exitCode} before it answered on port ${port}`);
    const said = await command("INFO", "server").catch(() => "");
    // It tells of itself while it still reads what it had.
    return said.includes(`process_id:${pid}\r`) && (await command("PING").catch(() => "")) === "PONG";
  };
  const start = async (): Promise<ChildProcess> => {
    const child = spawn("redis-server", args, { stdio: "ignore" });
    try {
      await waitFor(() => answers(child), { timeoutMs: START_MS, everyMs: 20, what: "Redis to answer" });
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
    return child;
  };
  const removed = (): Promise<void> => rm(dir, { recursive: true, force: true });
  let child = await start().catch(async (error: unknown) => {
    await removed();
    throw error;
  });
  const kill9 = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return {
    ...{ port, command, kill9 },
    url: `${tls === undefined ? "redis" : "rediss"}://${password === undefined ? "" : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    signal: (name) => void child.kill(name),
    restart: async () => {
      await kill9();
      child = await start();
    },
    stop: async () => {
      await kill9();
      await removed();
    },
  };
}

const CERTIFICATE = "certificate.pem";

async function tlsSettings(dir: string, port: number, { certificate, key }: TestCertificate): Promise<string[]> {
  const [certFile, keyFile] = [join(dir, CERTIFICATE), join(dir, "key.pem")];
  await writeFile(certFile, certificate);
  await writeFile(keyFile, key, { mode: 0o600 });
  const files = ["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile];
  return ["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no", ...files];
}

/** Three masters, each with so many replicas. */
export async function redisCluster(replicas: 0 | 1 = 0): Promise<RedisCluster> {
  const settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--repl-diskless-sync-delay", "0"];
  const servers = await Promise.all(Array.from({ length: 3 * (1 + replicas) }, () => redisServer({ settings })));
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
  await run("redis-cli", [
    ...["--cluster", "create", ...addresses, "--cluster-replicas", String(replicas), "--cluster-yes"],
  ]);
  const isWhole = async (): Promise<boolean> => {
    const said = await Promise.all(servers.map(({ command }) => command("CLUSTER", "INFO")));
    const links = await Promise.all(servers.map(({ command }) => command("INFO", "replication")));
    // A replica that has nothing yet does not take over.
    return said.every((each) => /cluster_state:ok/.test(each)) && !links.some((each) => /link_status:down/.test(each));
  };
  await waitFor(isWhole, { timeoutMs: START_MS, everyMs: 50, what: "the cluster of Redis" });
  return {
    url: `redis://${addresses.slice(0, 3).join(",")}`,
    servers,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  // A node of a cluster listens at a port 10 000 above as well.
  return port < 55_000 ? port : freePort();
}
