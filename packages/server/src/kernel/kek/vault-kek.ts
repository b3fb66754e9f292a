import { readFile } from "node:fs/promises";
import { askKeeper } from "./ask-keeper.ts";
import { type Kek, type KekPlace, kekUnavailable } from "./kek.ts";
import { placeText } from "./local-kek.ts";

export interface VaultKekOptions {
  /** Of Vault or OpenBao, without a path: `https://vault.example:8200`. */
  readonly url: string;
  /** Read at each call, so that an agent may renew the token. */
  readonly tokenFile: string;
  readonly mount: string;
  readonly key: string;
}

/**
 * A key of Vault's Transit engine, which never leaves Vault. What it wraps says which version of the key did, so that a rotation in Vault is
 * seen. Account and key are the associated data, which keys of the types aes128-gcm96, aes256-gcm96 and chacha20-poly1305 take.
 */
export function createVaultKek({ url, tokenFile, mount, key }: VaultKekOptions): Kek {
  const name = `vault:${mount}/${key}`;
  const ask = async (verb: "encrypt" | "decrypt", body: object) => {
    const token = await readToken(name, tokenFile);
    return askKeeper(name, `${url}/v1/${mount}/${verb}/${encodeURIComponent(key)}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Vault-Request": "true", "X-Vault-Token": token },
      body: JSON.stringify(body),
    });
  };
  return {
    name,
    opens: (kek) => kek.startsWith(`${name}:v`),
    wrap: async (dataKey, place) => {
      const { status, body } = await ask("encrypt", { plaintext: base64(dataKey), associated_data: aadOf(place) });
      const text = fieldOf(body, "ciphertext");
      const version = /^vault:(v\d+):/.exec(text ?? "")?.[1];
      if (status !== 200 || text === null || version === undefined) {
        throw kekUnavailable(name, `answered ${status} to encrypt`);
      }
      return { kek: `${name}:${version}`, bytes: Buffer.from(text) };
    },
    unwrap: async ({ bytes }, place) => {
      const ciphertext = Buffer.from(bytes).toString();
      const { status, body } = await ask("decrypt", { ciphertext, associated_data: aadOf(place) });
      if (status === 400 && doesNotOpen(body)) return null;
      const text = fieldOf(body, "plaintext");
      if (status !== 200 || text === null) throw kekUnavailable(name, `answered ${status} to decrypt`);
      return Buffer.from(text, "base64");
    },
  };
}

/** That what was asked to be opened does not, and not that the key or the token is none: Vault answers all of them with the same status. */
function doesNotOpen({ errors }: Readonly<Record<string, unknown>>): boolean {
  const told = Array.isArray(errors) ? errors.join(" ") : "";
  return /message authentication failed|invalid ciphertext/i.test(told);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const aadOf = (place: KekPlace): string => placeText(place).toString("base64");

function fieldOf({ data }: Readonly<Record<string, unknown>>, field: string): string | null {
  const value: unknown = typeof data === "object" && data !== null ? Reflect.get(data, field) : null;
  return typeof value === "string" ? value : null;
}

async function readToken(name: string, path: string): Promise<string> {
  try {
    const token = (await readFile(path, "utf8")).trim();
    if (/^[\x21-\x7e]{1,4096}$/.test(token)) return token;
  } catch (error) {
    throw kekUnavailable(name, "the file of its token cannot be read", error);
  }
  throw kekUnavailable(name, "the file of its token holds none");
}
