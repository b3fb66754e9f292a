import { ClavigerError, type Secret } from "@claviger/core";
import { Webhook as Signer } from "standardwebhooks";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { CallOutside } from "../../kernel/outgoing/index.ts";
import { parseJson } from "../../kernel/parse-json.ts";
import { SOFTWARE_VERSION } from "../../version.ts";
import { HookError } from "./hook-answer.ts";

export interface HttpHook {
  readonly url: Secret;
  /** `whsec_…`: each question is signed with it, by Standard Webhooks. */
  readonly secret: Secret;
}

export interface AskByHttpPorts {
  readonly call: CallOutside;
  readonly clock: Pick<Clock, "wall">;
  readonly ids: Ids;
}

const OK = 200;

/** Asks the endpoint of the platform. The key is in the body, never in the address. Throws HookError where it gives no JSON. */
export function askByHttp(
  { call, clock, ids }: AskByHttpPorts,
  { url, secret }: HttpHook,
): (key: Secret, signal: AbortSignal) => Promise<unknown> {
  const signer = new Signer(secret.reveal());
  return async (key, signal) => {
    const [id, at, body] = [ids.make("out"), new Date(clock.wall()), JSON.stringify({ key: key.reveal() })];
    const headers = {
      ...{
        "content-type": "application/json",
        accept: "application/json",
        "user-agent": `Claviger/${SOFTWARE_VERSION}`,
      },
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": signer.sign(id, at, body),
    };
    const answer = await call({ method: "POST", url: url.reveal(), headers, body, signal });
    if (answer.kind !== "answered") throw new HookError(answer.reason);
    if (answer.status !== OK) throw new HookError(`it answered ${answer.status}`);
    return readJson(answer.body);
  };
}

function readJson(text: string): unknown {
  try {
    return parseJson(Buffer.from(text));
  } catch (error) {
    if (!(error instanceof ClavigerError)) throw error;
    throw new HookError("its answer is no JSON of 64 KiB at most");
  }
}
