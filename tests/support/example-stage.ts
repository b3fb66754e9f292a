import { type Service, type ServiceOptions, startService } from "@claviger/testkit";
import { afterAll, beforeAll, expect } from "vitest";
import { type Contacts, call, installExample, manage, type Running, setUpContacts, startProgram } from "./example.ts";

/** An example of the SDK that runs, against a real service of its own. */
export interface ExampleStage {
  readonly service: Service;
  readonly contacts: Contacts;
  readonly api: Running;
}

export interface ExampleStageOptions {
  /** Default: a database on the server of the run. */
  readonly service?: ServiceOptions;
  /** Variables of the example beside those that all have. */
  readonly env?: Readonly<Record<string, string>>;
  /** Done in the example's folder before it is started. */
  readonly prepare?: (folder: string) => void;
}

/** Starts `node <args>` in the example's folder. To be called where tests are described; what it holds is there once they run. */
export function exampleStage(
  example: string,
  args: readonly string[],
  options: ExampleStageOptions = {},
): ExampleStage {
  const stage: Partial<Record<keyof ExampleStage, unknown>> = {};
  const made = stage as ExampleStage;
  beforeAll(async () => {
    options.prepare?.(installExample(example));
    stage.service = await startService(options.service ?? { database: "shared" });
    stage.contacts = setUpContacts(made.service);
    const env = { CLAVIGER_URL: made.service.url, CLAVIGER_CREDENTIAL: made.contacts.credential, ...options.env };
    stage.api = await startProgram(example, args, env);
  }, 300_000);
  afterAll(async () => {
    made.api?.stop();
    await made.service?.stop();
  });
  return made;
}

/** What every example shows: who is let in, and that a revoked key is refused from the next request on. */
export async function keepsOthersOut({ api, service, contacts: { caller } }: ExampleStage): Promise<void> {
  const bearer = { authorization: `Bearer ${caller.key}` };
  expect(await call(api, "GET", "/contacts", {})).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  expect(await call(api, "GET", "/contacts", { "x-api-key": "guess" })).toMatchObject({ status: 401 });
  expect(await call(api, "GET", "/contacts", bearer)).toMatchObject({ status: 200 });
  expect(await call(api, "POST", "/contacts", bearer)).toMatchObject({
    status: 403,
    code: "INSUFFICIENT_SCOPE",
    challenge: 'Bearer realm="contacts", error="insufficient_scope", scope="contacts:write"',
  });
  await manage(service, `/v1/keys/${caller.id}/revoke`, { reason: "leaked" });
  expect(await call(api, "GET", "/contacts", bearer)).toMatchObject({ status: 401, code: "REVOKED" });
  expect(api.output()).not.toContain(caller.key);
}
