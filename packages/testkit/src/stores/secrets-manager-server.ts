import { createHmac, hash } from "node:crypto";
import { type AskedOfStore, type StoreReaction, storeServer } from "./vault-server.ts";

/** What speaks as AWS Secrets Manager of `eu-central-1`, on loopback, and refuses what is not signed as AWS asks for it. */
export interface SecretsManagerServer {
  readonly url: string;
  readonly asked: readonly AskedOfStore[];
  /** What stands there now; undefined where there is nothing. */
  read(name: string): string | undefined;
  /** How many versions were written of it. */
  versions(name: string): number;
  put(name: string, value: string): void;
  react(decide: (asked: AskedOfStore) => StoreReaction): void;
  close(): Promise<void>;
}

export const AWS_ACCESS_KEY = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "of/a+test/which/aws/does/not/know",
};

interface Input {
  readonly Name?: string;
  readonly SecretId?: string;
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
}

/** Content by token, oldest first. */
type Versions = Map<string, string>;
const error = (type: string, status = 400) => ({ status, body: { __type: type, Message: "as AWS says it" } });

export async function secretsManagerServer(): Promise<SecretsManagerServer> {
  const secrets = new Map<string, Versions>();
  const latest = (name: string): string | undefined => [...(secrets.get(name)?.values() ?? [])].at(-1);
  const write = (name: string, { ClientRequestToken: token = "", SecretString: value = "" }: Input) => {
    if (token.length < 32 || token.length > 64) return error("InvalidParameterException");
    const versions: Versions = secrets.get(name) ?? new Map();
    const known = versions.get(token);
    if (known !== undefined && known !== value) return error("ResourceExistsException");
    if (known === undefined) versions.set(token, value);
    secrets.set(name, versions);
    return { status: 200, body: { Name: name, VersionId: token } };
  };
  const server = await storeServer((asked) => {
    if (!isSigned(asked)) return error("InvalidSignatureException");
    const input = JSON.parse(asked.body) as Input;
    const name = input.Name ?? input.SecretId ?? "";
    switch (asked.headers["x-amz-target"]) {
      case "secretsmanager.GetSecretValue": {
        const value = latest(name);
        return value === undefined
          ? error("ResourceNotFoundException")
          : { status: 200, body: { Name: name, SecretString: value } };
      }
      case "secretsmanager.CreateSecret":
        return secrets.has(name) && !secrets.get(name)?.has(input.ClientRequestToken ?? "")
          ? error("ResourceExistsException")
          : write(name, input);
      case "secretsmanager.PutSecretValue":
        return secrets.has(name) ? write(name, input) : error("ResourceNotFoundException");
      default:
        return error("UnknownOperationException");
    }
  });
  return {
    ...server,
    read: latest,
    versions: (name) => secrets.get(name)?.size ?? 0,
    put: (name, value) => void secrets.set(name, new Map([["0".repeat(32), value]])),
  };
}

const SHAPE =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/eu-central-1\/secretsmanager\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
const NEEDED = ["content-type", "host", "x-amz-date", "x-amz-target"];

function isSigned({ method, path, headers, body }: AskedOfStore): boolean {
  const [, id, day = "", names = "", signature] = SHAPE.exec(String(headers.authorization)) ?? [];
  const time = String(headers["x-amz-date"]);
  const signed = names.split(";");
  if (id !== AWS_ACCESS_KEY.accessKeyId || !time.startsWith(`${day}T`) || !/^\d{8}T\d{6}Z$/.test(time)) return false;
  if (headers["content-type"] !== "application/x-amz-json-1.1" || !NEEDED.every((name) => signed.includes(name)))
    return false;
  const lines = signed.map((name) => `${name}:${String(headers[name])}`);
  const canonical = `${method}\n${path}\n\n${lines.join("\n")}\n\n${names}\n${hash("sha256", body, "hex")}`;
  const scope = `${day}/eu-central-1/secretsmanager/aws4_request`;
  const sign = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const ofDay = sign(`AWS4${AWS_ACCESS_KEY.secretAccessKey}`, day);
  const key = sign(sign(sign(ofDay, "eu-central-1"), "secretsmanager"), "aws4_request");
  return (
    sign(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash("sha256", canonical, "hex")}`).toString("hex") === signature
  );
}
