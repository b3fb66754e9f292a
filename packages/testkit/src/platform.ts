import { type Api, api } from "./api.ts";
import { issueManagementKey, type MadeAccount, makeAccount, makeScopes } from "./factories.ts";
import { startApp, type TestApp } from "./service.ts";

/** A service in this process with the shared catalogue, one account, and a verify credential for `live`. */
export interface Platform {
  readonly app: TestApp;
  readonly url: string;
  /** As the first management key, which may do everything. */
  readonly root: Api;
  readonly account: MadeAccount;
  readonly credential: string;
}

export async function openPlatform(env: Readonly<Record<string, string>> = {}): Promise<Platform> {
  const app = await startApp({ env });
  const root = api(app.url, app.managementKey);
  await makeScopes(root);
  const account = await makeAccount(root);
  const { secret } = await issueManagementKey(root, ["verify"]);
  return { app, url: app.url, root, account, credential: secret };
}
