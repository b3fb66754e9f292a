import { chmodSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkCidr } from "@claviger/core";
import { createVerifier, type Verifier, type VerifierOptions } from "@claviger/sdk";
import { findService } from "../../api/service.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { Failure, oneLine } from "../../failure.ts";
import { readSecret } from "../../input/secrets.ts";
import type { Io } from "../../io.ts";
import { createSidecar } from "./sidecar.ts";

export interface VerifierFlags {
  readonly url?: string | undefined;
  readonly environment?: string | undefined;
  /** `host:port`. */
  readonly listen?: string | undefined;
  readonly socket?: string | undefined;
  readonly mode?: string | undefined;
  readonly staleIfUnreachable?: string | undefined;
  readonly warmUp?: string | undefined;
  readonly service?: string | undefined;
}

const CREDENTIAL = "CLAVIGER_VERIFY_KEY";
const DEFAULT_LISTEN = "127.0.0.1:4701";
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Runs a verifier for programs of this machine, on a socket or a loopback address, until SIGTERM or SIGINT. Prints `ready <address>`
 * once it may decide. Throws `Failure`.
 */
export async function runVerifier(io: Io, flags: VerifierFlags): Promise<ExitCode> {
  const asked = stopSignal();
  const at = placeOf(io, flags);
  const trustedProxies = proxiesOf(io);
  const verifier = await start(io, flags);
  const server = createServer(createSidecar({ verifier, trustedProxies }));
  try {
    io.out(`ready ${await listen(server, at)}`);
    await asked;
  } finally {
    server.close();
    server.closeIdleConnections();
    await verifier.close();
    server.closeAllConnections();
  }
  return EXIT.ok;
}

async function start(io: Io, flags: VerifierFlags): Promise<Verifier> {
  const credential = readSecret(io, CREDENTIAL);
  if (credential === null) {
    throw new Failure(EXIT.settings, `${CREDENTIAL}: is not set; must be a management key that may verify`);
  }
  const environment = flags.environment ?? io.env.CLAVIGER_ENVIRONMENT ?? "";
  if (environment === "") throw new Failure(EXIT.usage, "claviger: --environment is missing, such as live");
  const urls = (flags.url ?? io.env.CLAVIGER_URL ?? "").split(",").map((url) => findService(io, url.trim()).url);
  const options: VerifierOptions = {
    ...{ url: urls, credential: credential.reveal(), environment },
    mode: flags.mode as VerifierOptions["mode"],
    allowPlaintext: io.env.CLAVIGER_ALLOW_PLAINTEXT === "true",
    staleIfUnreachableMs: flags.staleIfUnreachable === undefined ? 0 : Number(flags.staleIfUnreachable) * 1000,
    warmUp: flags.warmUp,
    service: flags.service,
    onUsesLost: (total) => io.err(`claviger: ${total} uses of keys are missing in what is recorded, since the start`),
    onUnavailable: (reason) => io.err(`claviger: keys are refused as UNAVAILABLE: ${oneLine(reason)}`),
  };
  try {
    return await createVerifier(options);
  } catch (error) {
    const failed = error instanceof TypeError ? EXIT.settings : EXIT.unavailable;
    throw new Failure(failed, `claviger: ${oneLine(error instanceof Error ? error.message : String(error))}`);
  }
}

type Place = { readonly socket: string } | { readonly host: string; readonly port: number };

/** It takes no credential, so beyond this machine it must be declared. */
function placeOf(io: Io, { listen: address = DEFAULT_LISTEN, socket }: VerifierFlags): Place {
  if (socket !== undefined) return { socket };
  const [, host = "", port = ""] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  if (host === "" || Number(port) > 65_535) {
    throw new Failure(EXIT.usage, `claviger: --listen: "${address}" is not valid; must be host:port`);
  }
  if (!LOOPBACK.test(host) && io.env.CLAVIGER_ALLOW_PLAINTEXT !== "true") {
    const why = "whoever reaches it may verify keys; use a loopback address or --socket";
    throw new Failure(
      EXIT.settings,
      `--listen: "${address}": ${why}, or declare it with CLAVIGER_ALLOW_PLAINTEXT=true`,
    );
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function proxiesOf(io: Io): readonly string[] {
  const ranges = (io.env.CLAVIGER_TRUSTED_PROXIES ?? "").split(",").map((range) => range.trim());
  const given = ranges.filter((range) => range !== "");
  for (const range of given) {
    const fault = checkCidr(range);
    if (fault !== null) throw new Failure(EXIT.settings, `CLAVIGER_TRUSTED_PROXIES: "${range}" is not valid; ${fault}`);
  }
  return given;
}

/** Resolves with the address. The socket is for this user alone. */
function listen(server: Server, at: Place): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const where = "socket" in at ? at.socket : `${at.host}:${at.port}`;
      reject(new Failure(EXIT.settings, `claviger: cannot listen on ${where}: ${error.code ?? "unknown error"}`));
    });
    if ("socket" in at) {
      const before = process.umask(0o177);
      server.listen(at.socket, () => {
        chmodSync(at.socket, 0o600);
        resolve(`unix:${at.socket}`);
      });
      process.umask(before);
    } else {
      server.listen(at.port, at.host, () => {
        const { port } = server.address() as AddressInfo;
        resolve(`http://${at.host.includes(":") ? `[${at.host}]` : at.host}:${port}`);
      });
    }
  });
}

/** Settles at the first signal; the second ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let signalled = false;
    for (const [name, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      process.on(name, () => {
        if (signalled) process.exit(code);
        signalled = true;
        resolve();
      });
    }
  });
}
