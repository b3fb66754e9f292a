import type { Secret } from "@claviger/core";
import { type CallOutside, signV4 } from "../../../kernel/outgoing/index.ts";
import { beforePut, contentOf, type Held, type Kind, type Parcel, parse, readHeld, type Sent } from "./kind.ts";

export interface AwsSettings {
  readonly region: string;
  readonly endpoint: string | null;
  readonly kmsKeyId: string | null;
  readonly accessKeyId: string;
}

interface Asked {
  readonly status: number;
  readonly answer: Record<string, unknown> | null;
  /** Of an error, without its namespace. */
  readonly code: string;
}
type Refusal = Extract<Sent, { readonly kind: "failed" }>;
const failed = (reason: string): Refusal => ({ kind: "failed", reason });

/** AWS Secrets Manager. Each version of a key has a token of its own, so that one that is sent twice is written once. */
export function awsKind(call: CallOutside, settings: AwsSettings, credential: Secret, now: () => Date): Kind {
  const url = new URL(settings.endpoint ?? `https://secretsmanager.${settings.region}.amazonaws.com/`);
  const ask = async (act: string, input: object, signal: AbortSignal): Promise<Asked | Refusal> => {
    const body = JSON.stringify(input);
    const asked = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `secretsmanager.${act}` };
    const headers = signV4(
      { url, region: settings.region, service: "secretsmanager", headers: asked, body, at: now() },
      { accessKeyId: settings.accessKeyId, secretAccessKey: credential.reveal(), sessionToken: null },
    );
    const came = await call({ method: "POST", url: url.href, headers, body, signal });
    if (came.kind !== "answered") return failed(came.reason);
    const answer = parse(came.body);
    const code = String(answer?.__type ?? "").replace(/^.*#/, "");
    return { status: came.status, answer, code: /^[A-Za-z]{1,60}$/.test(code) ? code : "" };
  };
  const read = async (path: string, signal: AbortSignal): Promise<{ held: Held | null; there: boolean } | Refusal> => {
    const came = await ask("GetSecretValue", { SecretId: path }, signal);
    if ("reason" in came) return came;
    if (came.code === "ResourceNotFoundException") return { held: null, there: false };
    if (came.status !== 200) return refusal("GetSecretValue", came);
    return { held: readHeld(parse(String(came.answer?.SecretString ?? ""))), there: true };
  };
  const put = async (parcel: Parcel, signal: AbortSignal): Promise<Sent> => {
    const current = await read(parcel.path, signal);
    if ("reason" in current) return current;
    const already = current.there ? beforePut(current.held, parcel) : null;
    if (already !== null) return already;
    const content = { ClientRequestToken: parcel.token, SecretString: JSON.stringify(contentOf(parcel)) };
    const kms = settings.kmsKeyId === null ? {} : { KmsKeyId: settings.kmsKeyId };
    const [act, input] = current.there
      ? ["PutSecretValue", { SecretId: parcel.path, ...content }]
      : ["CreateSecret", { Name: parcel.path, ...content, ...kms }];
    const came = await ask(act, input, signal);
    if ("reason" in came) return came;
    return came.status === 200 ? { kind: "taken" } : refusal(act, came);
  };
  return {
    put,
    read: async (path, signal) => {
      const current = await read(path, signal);
      return "reason" in current ? null : current.held;
    },
  };
}

function refusal(act: string, { status, code }: Asked): Refusal {
  return failed(`AWS answered ${status} to ${act}${code === "" ? "" : `: ${code}`}`);
}
