import type { AwsCredentials } from "../outgoing/index.ts";
import type { KekSettingName } from "./kek-settings.ts";
import type { VaultKekOptions } from "./vault-kek.ts";

const ENVIRONMENT_CLASSES = ["development", "staging", "production"] as const;
export type EnvironmentClass = (typeof ENVIRONMENT_CLASSES)[number];

/** Where a key-encryption key is, with all that it takes to reach it. Holds secrets. */
export type KekSource =
  | { readonly kind: "local"; readonly key: Uint8Array }
  | ({ readonly kind: "vault" } & VaultKekOptions)
  | {
      readonly kind: "awskms";
      readonly key: string;
      readonly region: string;
      readonly url: string;
      readonly credentials: AwsCredentials;
    };

export interface RecoverySettings {
  /** New keys of their environments are sealed, and sealed ones are revealed. Maybe none. */
  readonly classes: readonly EnvironmentClass[];
  readonly kek: KekSource;
  readonly old: KekSource | null;
}

interface RecoveryReader {
  /** Null where it is not set. */
  read(name: KekSettingName): string | null;
  /** Of the file `<name>_FILE` names, its permissions; null where there is none. */
  modeOf(name: KekSettingName): number | null;
  /** Whether plaintext HTTP beyond loopback is declared. */
  readonly plaintext: boolean;
  isLoopback(host: string): boolean;
  /** What is thrown for a value that cannot work. */
  wrong(name: KekSettingName, value: string): Error;
  /** The same, in other words. */
  fault(name: string, message: string): Error;
}

/** Null where keys are not recoverable. Throws what `wrong` and `fault` make. */
export function readRecovery(reader: RecoveryReader): RecoverySettings | null {
  const classes = readClasses(reader);
  const kek = readKek(reader, "CLAVIGER_KEK");
  const old = readKek(reader, "CLAVIGER_KEK_OLD");
  if (kek === null) {
    if (classes.length > 0) {
      throw reader.fault("CLAVIGER_KEK", "is not set; with CLAVIGER_RECOVERABLE it must be a key-encryption key");
    }
    if (old !== null) throw reader.fault("CLAVIGER_KEK_OLD", "is set without CLAVIGER_KEK; set both or neither");
    return null;
  }
  return { classes, kek, old };
}

function readClasses({ read, wrong }: RecoveryReader): readonly EnvironmentClass[] {
  const given = read("CLAVIGER_RECOVERABLE");
  if (given === null) return [];
  return given.split(",").map((part) => {
    const found = ENVIRONMENT_CLASSES.find((name) => name === part.trim());
    if (found === undefined) throw wrong("CLAVIGER_RECOVERABLE", given);
    return found;
  });
}

const OTHERS_MAY = 0o027;

function readKek(reader: RecoveryReader, name: "CLAVIGER_KEK" | "CLAVIGER_KEK_OLD"): KekSource | null {
  const text = reader.read(name);
  if (text === null) return null;
  const mode = reader.modeOf(name);
  if (mode !== null && (mode & OTHERS_MAY) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, "0");
    throw reader.fault(
      `${name}_FILE`,
      `has the mode ${shown}; must be 0400, 0600 or 0440: nobody else may read or write it`,
    );
  }
  const vault = /^vault:([A-Za-z0-9][A-Za-z0-9/_-]{0,199})\/([A-Za-z0-9._-]{1,100})$/.exec(text);
  if (vault !== null) return vaultSource(reader, vault[1] ?? "", vault[2] ?? "");
  const aws = /^awskms:([A-Za-z0-9:/_-]{1,300})$/.exec(text);
  // An alias may come to name another key, and what the one before has wrapped would seem to be in order.
  if (aws !== null && !/(^|:)alias\//.test(aws[1] ?? "")) return awsSource(reader, aws[1] ?? "");
  const key = Buffer.from(text, "base64");
  if (key.length !== 32 || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) throw reader.wrong(name, text);
  return { kind: "local", key };
}

function vaultSource(reader: RecoveryReader, mount: string, key: string): KekSource {
  const url = readUrl(reader, "CLAVIGER_KEK_VAULT_URL");
  const tokenFile = reader.read("CLAVIGER_KEK_VAULT_TOKEN_FILE");
  if (url === null) throw reader.fault("CLAVIGER_KEK_VAULT_URL", "is not set; must be where Vault is");
  if (tokenFile === null)
    throw reader.fault("CLAVIGER_KEK_VAULT_TOKEN_FILE", "is not set; must be a file with a token");
  return { kind: "vault", url, tokenFile, mount, key };
}

function awsSource(reader: RecoveryReader, key: string): KekSource {
  const region = reader.read("CLAVIGER_KEK_AWS_REGION") ?? /^arn:[a-z-]+:kms:([a-z0-9-]+):/.exec(key)?.[1] ?? null;
  if (region === null || !/^[a-z0-9-]{1,40}$/.test(region)) {
    throw reader.fault("CLAVIGER_KEK_AWS_REGION", "is not set; must be the region of the key, such as eu-central-1");
  }
  const given = reader.read("CLAVIGER_KEK_AWS_CREDENTIALS");
  if (given === null) throw reader.fault("CLAVIGER_KEK_AWS_CREDENTIALS", "is not set; must be who may use the key");
  const parts = /^([A-Z0-9]{16,128}):([A-Za-z0-9+/]{16,128})(?::([\x21-\x7e]{1,8192}))?$/.exec(given);
  if (parts === null) throw reader.wrong("CLAVIGER_KEK_AWS_CREDENTIALS", given);
  const [, accessKeyId = "", secretAccessKey = "", sessionToken = null] = parts;
  const url = readUrl(reader, "CLAVIGER_KEK_AWS_URL") ?? `https://kms.${region}.amazonaws.com`;
  return { kind: "awskms", key, region, url, credentials: { accessKeyId, secretAccessKey, sessionToken } };
}

/** Data keys go there: by plain HTTP only where that is declared. */
function readUrl(reader: RecoveryReader, name: "CLAVIGER_KEK_VAULT_URL" | "CLAVIGER_KEK_AWS_URL"): string | null {
  const text = reader.read(name);
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const bare = url !== null && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (url === null || !bare || !/^https?:$/.test(url.protocol)) throw reader.wrong(name, text);
  if (url.protocol === "http:" && !reader.plaintext && !reader.isLoopback(url.hostname)) throw reader.wrong(name, text);
  return url.origin;
}
