import type { Clock } from "../clock.ts";
import { type AwsCredentials, signV4 } from "../outgoing/index.ts";
import { askKeeper } from "./ask-keeper.ts";
import { type Kek, type KekPlace, kekUnavailable } from "./kek.ts";

interface AwsKekOptions {
  /** Id, ARN or alias of a symmetric key of AWS KMS. */
  readonly key: string;
  readonly region: string;
  /** Of KMS: `https://kms.<region>.amazonaws.com`, or an endpoint of one's own. */
  readonly url: string;
  readonly credentials: AwsCredentials;
}

/**
 * A key of AWS KMS, which never leaves KMS. Account and key are the encryption context, so that they stand in CloudTrail with each call. When KMS
 * rotates the material of the key by itself, what it wrapped before still opens.
 */
export function createAwsKek({ key, region, url, credentials }: AwsKekOptions, clock: Clock): Kek {
  const name = `awskms:${key}`;
  const call = (target: "Encrypt" | "Decrypt", content: object) => {
    const body = JSON.stringify(content);
    const headers = signV4(
      {
        ...{ url: new URL(url), region, service: "kms", body, at: new Date(clock.wall()) },
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${target}` },
      },
      credentials,
    );
    return askKeeper(name, `${url}/`, { method: "POST", headers, body });
  };
  return {
    name,
    opens: (kek) => kek === name,
    wrap: async (dataKey, place) => {
      const { status, body } = await call("Encrypt", {
        ...{ KeyId: key, Plaintext: Buffer.from(dataKey).toString("base64"), EncryptionContext: contextOf(place) },
      });
      if (status !== 200 || typeof body.CiphertextBlob !== "string") throw kekUnavailable(name, saying(status, body));
      return { kek: name, bytes: Buffer.from(body.CiphertextBlob, "base64") };
    },
    unwrap: async ({ bytes }, place) => {
      const { status, body } = await call("Decrypt", {
        ...{ KeyId: key, CiphertextBlob: Buffer.from(bytes).toString("base64"), EncryptionContext: contextOf(place) },
      });
      if (status === 400 && isInvalid(body)) return null;
      if (status !== 200 || typeof body.Plaintext !== "string") throw kekUnavailable(name, saying(status, body));
      return Buffer.from(body.Plaintext, "base64");
    },
  };
}

const contextOf = ({ account, key }: KekPlace) => ({ "claviger:account": account, "claviger:key": key });

const typeOf = ({ __type }: Readonly<Record<string, unknown>>): string =>
  typeof __type === "string" ? (__type.split("#").at(-1) ?? "").slice(0, 100) : "";

/** Altered, of another key, or with another context. */
function isInvalid(body: Readonly<Record<string, unknown>>): boolean {
  return ["InvalidCiphertextException", "IncorrectKeyException"].includes(typeOf(body));
}

function saying(status: number, body: Readonly<Record<string, unknown>>): string {
  return `answered ${status} ${typeOf(body)}`;
}
