/** Who keeps key-encryption keys, as they are on the wire: Transit of Vault, and AWS KMS with its signatures. In this process, with keys of a test. */
import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export const LOCAL_KEK = Buffer.alloc(32, "a key-encryption key of tests").toString("base64");

/** For suites that try every operation. */
export const RECOVERABLE = {
  CLAVIGER_RECOVERABLE: "development,staging,production",
  CLAVIGER_KEK: LOCAL_KEK,
  CLAVIGER_REVEALS_PER_HOUR: "10000",
} as const;

export interface Keeper {
  readonly url: string;
  /** Answers nothing while it is true. */
  away: boolean;
  /** Wraps something else than what it was asked to, while it is true. */
  lies: boolean;
  /** What Vault lets in. */
  token: string;
  /** Calls that were answered with success, by what they asked for. */
  readonly calls: Record<"encrypt" | "decrypt", number>;
  /** Called before each answer; what it waits for, the caller waits for. */
  before: () => Promise<void> | void;
  stop(): Promise<void>;
}

interface Told {
  readonly status: number;
  readonly body: object;
}

type Handle = (request: IncomingMessage, body: string) => Told;

async function startKeeper(handle: (keeper: Keeper) => Handle): Promise<Keeper> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      if (keeper.away) {
        request.socket.destroy();
        return;
      }
      await keeper.before();
      const { status, body } = answer(request, Buffer.concat(chunks).toString());
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const keeper: Keeper = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    away: false,
    lies: false,
    token: "hvs.the-token-of-a-test",
    calls: { encrypt: 0, decrypt: 0 },
    before: () => undefined,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  const answer = handle(keeper);
  return keeper;
}

function encrypt(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Buffer | null {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12)).setAAD(aad);
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch {
    return null;
  }
}

export interface Vault extends Keeper {
  /** Refuses to open anything, with this as why, while it is set: Vault has one status for all faults of a request. */
  refuses: string | null;
  /** As `vault write -f transit/keys/<key>/rotate`. */
  rotate(): void;
}

/** `POST /v1/transit/encrypt|decrypt/<key>` with `X-Vault-Token`, ciphertexts `vault:v<n>:…`, `associated_data`. */
export async function startVault(key: string): Promise<Vault> {
  const versions = [randomBytes(32)];
  const keeper = await startKeeper((made) => (request, text) => {
    if (vault.refuses !== null) return { status: 400, body: { errors: [vault.refuses] } };
    if (request.headers["x-vault-token"] !== made.token)
      return { status: 403, body: { errors: ["permission denied"] } };
    const verb = new RegExp(`^/v1/transit/(encrypt|decrypt)/${key}$`).exec(request.url ?? "")?.[1];
    if (verb === undefined || request.method !== "POST") return { status: 404, body: { errors: [] } };
    const body = JSON.parse(text) as { plaintext: string; ciphertext: string; associated_data: string };
    const aad = Buffer.from(body.associated_data, "base64");
    if (verb === "encrypt") {
      made.calls.encrypt += 1;
      const plain = made.lies ? randomBytes(32) : Buffer.from(body.plaintext, "base64");
      const sealed = encrypt(versions.at(-1) ?? Buffer.alloc(0), plain, aad);
      const ciphertext = `vault:v${versions.length}:${sealed.toString("base64")}`;
      return { status: 200, body: { data: { ciphertext, key_version: versions.length } } };
    }
    const [, version = "0", sealed = ""] = /^vault:v(\d+):(.+)$/.exec(body.ciphertext) ?? [];
    const with_ = versions[Number(version) - 1];
    const plain = with_ === undefined ? null : decrypt(with_, Buffer.from(sealed, "base64"), aad);
    if (plain === null) return { status: 400, body: { errors: ["cipher: message authentication failed"] } };
    made.calls.decrypt += 1;
    return { status: 200, body: { data: { plaintext: plain.toString("base64") } } };
  });
  const refuses: string | null = null;
  const vault: Vault = Object.assign(keeper, { refuses, rotate: () => void versions.push(randomBytes(32)) });
  return vault;
}

export const AWS = {
  id: "AKIAIOSFODNN7EXAMPLE",
  secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  session: "a-session-token",
};
const REGION = "eu-central-1";
export const KMS_KEY = `arn:aws:kms:${REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** `TrentService.Encrypt` and `.Decrypt` over JSON 1.1; what is not signed as Signature Version 4 wants it is refused. */
export function startKms(): Promise<Keeper> {
  const key = randomBytes(32);
  return startKeeper((made) => (request, text) => {
    const fault = signatureFault(request, text);
    if (fault !== null) return { status: 400, body: { __type: fault } };
    const target = /^TrentService\.(Encrypt|Decrypt)$/.exec(String(request.headers["x-amz-target"]))?.[1];
    if (target === undefined || request.headers["content-type"] !== "application/x-amz-json-1.1") {
      return { status: 404, body: { __type: "UnknownOperationException" } };
    }
    const body = JSON.parse(text) as Record<"KeyId" | "Plaintext" | "CiphertextBlob", string> & {
      EncryptionContext: Record<string, string>;
    };
    if (body.KeyId !== KMS_KEY) return { status: 400, body: { __type: "NotFoundException" } };
    const aad = Buffer.from(JSON.stringify(Object.entries(body.EncryptionContext).sort()));
    if (target === "Encrypt") {
      made.calls.encrypt += 1;
      const sealed = encrypt(key, Buffer.from(body.Plaintext, "base64"), aad);
      return { status: 200, body: { CiphertextBlob: sealed.toString("base64"), KeyId: KMS_KEY } };
    }
    const plain = decrypt(key, Buffer.from(body.CiphertextBlob, "base64"), aad);
    if (plain === null) return { status: 400, body: { __type: "InvalidCiphertextException" } };
    made.calls.decrypt += 1;
    return { status: 200, body: { Plaintext: plain.toString("base64"), KeyId: KMS_KEY } };
  });
}

/** Written by the published description, apart from what signs. Null for a good one. */
function signatureFault({ headers, method, url }: IncomingMessage, body: string): string | null {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const parts = form.exec(headers.authorization ?? "");
  if (parts === null) return "IncompleteSignatureException";
  const [, id, day = "", region = "", signed = "", signature] = parts;
  const date = String(headers["x-amz-date"]);
  if (id !== AWS.id || region !== REGION || !/^\d{8}T\d{6}Z$/.test(date) || !date.startsWith(day)) {
    return "InvalidSignatureException";
  }
  if (headers["x-amz-security-token"] !== AWS.session) return "UnrecognizedClientException";
  for (const must of ["host", "x-amz-date", "x-amz-target", "x-amz-security-token"]) {
    if (!signed.split(";").includes(must)) return "IncompleteSignatureException";
  }
  const canonical = [
    ...[method, url, ""],
    ...signed.split(";").map((name) => `${name}:${String(headers[name])}`),
    ...["", signed, hash("sha256", body)],
  ].join("\n");
  const scope = `${day}/${region}/kms/aws4_request`;
  const hmac = (with_: string | Buffer, data: string) => createHmac("sha256", with_).update(data).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${AWS.secret}`, day), region), "kms"), "aws4_request");
  const wanted = hmac(key, ["AWS4-HMAC-SHA256", date, scope, hash("sha256", canonical)].join("\n")).toString("hex");
  return wanted === signature ? null : "InvalidSignatureException";
}
