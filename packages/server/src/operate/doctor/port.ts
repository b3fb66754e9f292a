import { createServer } from "node:net";
import { type Check, fail, messageOf, ok } from "./check.ts";

const ANSWER_WITHIN_MS = 3_000;
const NAME = "port";

/** Whether the service could listen, or does. */
export async function checkPort(host: string, port: number): Promise<Check> {
  if (port === 0) return ok(NAME, "0 takes a free one");
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const fault = await tryListening(host, port);
  if (fault === null) return ok(NAME, `${where} is free`);
  if (fault === "EADDRINUSE") {
    return (await isClaviger(reachable(host), port))
      ? ok(NAME, `a Claviger answers on ${where}`)
      : fail(NAME, `${where} is in use by something else`, "set CLAVIGER_PORT to a free port");
  }
  return fail(
    NAME,
    `${where} cannot be listened on: ${fault}`,
    "set CLAVIGER_HOST and CLAVIGER_PORT to an address of this machine and a port this user may take",
  );
}

/** The address to ask where the service listens on all of them. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host.includes(":") ? `[${host === "::" ? "::1" : host}]` : host;
}

async function isClaviger(host: string, port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://${host}:${port}/healthz`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      redirect: "manual",
    });
    const body: unknown = await answer.json();
    return (
      answer.status === 200 && typeof body === "object" && body !== null && "status" in body && body.status === "ok"
    );
  } catch {
    return false;
  }
}

function tryListening(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : messageOf(error)));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
