import { kekUnavailable } from "./kek.ts";

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 65_536;

interface KeeperAnswer {
  readonly status: number;
  /** An object, empty where the answer was no JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks who keeps a key-encryption key, at the address that the operator gave. Follows no redirect. Throws KEK_UNAVAILABLE where no answer comes in 5 s. */
export async function askKeeper(name: string, url: string, request: RequestInit): Promise<KeeperAnswer> {
  try {
    const response = await fetch(url, {
      ...request,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: objectOf(await readBounded(response)) };
  } catch (error) {
    throw kekUnavailable(name, "gave no answer", error);
  }
}

/** Empty for more than anybody who keeps keys has to say; the rest of it is not read. */
async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
