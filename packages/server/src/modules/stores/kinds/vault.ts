import type { Secret } from "@claviger/core";
import type { Answered, CallOutside } from "../../../kernel/outgoing/index.ts";
import {
  beforePut,
  contentOf,
  type Held,
  type Kind,
  objectIn,
  type Parcel,
  parse,
  readHeld,
  type Sent,
} from "./kind.ts";

export interface VaultSettings {
  readonly address: string;
  readonly mount: string;
  readonly namespace: string | null;
  readonly auth: "token" | "approle";
  readonly appRole: { readonly mount: string; readonly roleId: string } | null;
}

interface Refusal {
  readonly kind: "failed";
  readonly reason: string;
}

interface Current {
  /** Of the path; 0 where there never was one. */
  readonly cas: number;
  readonly held: Held | null;
  /** Whether there is anything to read. */
  readonly there: boolean;
}

const failed = (reason: string): Refusal => ({ kind: "failed", reason });

/**
 * HashiCorp Vault and what speaks as it does: a KV engine of version 2. What is read first is compared with what is written by its version
 * (check-and-set), so that of two that write at once one is told to look again.
 */
export function vaultKind(call: CallOutside, settings: VaultSettings, credential: Secret): Kind {
  const { address, mount } = settings;
  const at = (path: string): string => `${address}/v1/${mount}/data/${path}`;
  const read = async (token: string, path: string, signal: AbortSignal): Promise<Current | Refusal> => {
    const answer = await call({
      ...{ method: "GET", url: at(path), headers: headersOf(settings, token) },
      body: "",
      signal,
    });
    if (answer.kind !== "answered") return failed(answer.reason);
    const data = objectIn(parse(answer.body), "data");
    const version = Number(objectIn(data, "metadata")?.version ?? 0);
    if (answer.status === 404) return { cas: version, held: null, there: false };
    if (answer.status !== 200) return failed(`Vault answered ${answer.status} to reading`);
    const content = objectIn(data, "data");
    return { cas: version, held: readHeld(content), there: content !== null };
  };
  const put = async (token: string, parcel: Parcel, signal: AbortSignal): Promise<Sent> => {
    const current = await read(token, parcel.path, signal);
    if ("reason" in current) return current;
    const already = current.there ? beforePut(current.held, parcel) : null;
    if (already !== null) return already;
    const body = JSON.stringify({ options: { cas: current.cas }, data: contentOf(parcel) });
    const headers = { ...headersOf(settings, token), "content-type": "application/json" };
    const answer = await call({ method: "POST", url: at(parcel.path), headers, body, signal });
    if (answer.kind !== "answered") return failed(answer.reason);
    return answer.status === 200 || answer.status === 204
      ? { kind: "taken" }
      : failed(`Vault answered ${answer.status} to writing`);
  };
  const withToken = async <T>(signal: AbortSignal, work: (token: string) => Promise<T>): Promise<T | Refusal> => {
    const token = await tokenOf(call, settings, credential, signal);
    if (typeof token !== "string") return token;
    try {
      return await work(token);
    } finally {
      if (settings.appRole !== null) await giveBack(call, settings, token, signal);
    }
  };
  return {
    put: (parcel, signal) => withToken<Sent>(signal, (token) => put(token, parcel, signal)),
    read: async (path, signal) => {
      const current = await withToken(signal, (token) => read(token, path, signal));
      return "reason" in current ? null : current.held;
    },
  };
}

/** What a login has made is not left behind; where Vault does not take it, it ends by its own time. */
async function giveBack(call: CallOutside, settings: VaultSettings, token: string, signal: AbortSignal): Promise<void> {
  const url = `${settings.address}/v1/auth/token/revoke-self`;
  const headers = { ...headersOf(settings, token), "content-type": "application/json" };
  await call({ method: "POST", url, headers, body: "", signal });
}

function headersOf({ namespace }: VaultSettings, token: string | null): Record<string, string> {
  return {
    "x-vault-request": "true",
    ...(token === null ? {} : { "x-vault-token": token }),
    ...(namespace === null ? {} : { "x-vault-namespace": namespace }),
  };
}

async function tokenOf(
  call: CallOutside,
  settings: VaultSettings,
  credential: Secret,
  signal: AbortSignal,
): Promise<string | Refusal> {
  const { address, appRole } = settings;
  if (appRole === null) return credential.reveal();
  const answer: Answered = await call({
    ...{ method: "POST", url: `${address}/v1/auth/${appRole.mount}/login`, signal },
    headers: { ...headersOf(settings, null), "content-type": "application/json" },
    body: JSON.stringify({ role_id: appRole.roleId, secret_id: credential.reveal() }),
  });
  if (answer.kind !== "answered") return failed(answer.reason);
  if (answer.status !== 200) return failed(`Vault answered ${answer.status} to the login`);
  const token = objectIn(parse(answer.body), "auth")?.client_token;
  return typeof token === "string" && /^[\x21-\x7e]{1,8000}$/.test(token) ? token : failed("Vault gave no token");
}
