import { linkOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { callApi } from "../../api/call.ts";
import { isObject } from "../../input/json-value.ts";

/** What stands before the token, and the token. */
const LINK = /^(https?:\/\/[^#]+)\/links#(.+)$/;

export const openLink: ApiCommand = {
  operation: pick(linkOperations, "links.open"),
  examples: [
    "claviger links open < link.txt",
    `claviger links open --data '{"passphrase":"…"}' < link.txt`,
    "CLAVIGER_KEY_FILE=link.txt claviger links open --json",
  ],
  keyField: "token",
  // A whole link says where it is opened.
  carryOut: (_, service, request) => {
    const body = isObject(request.body) ? request.body : {};
    const [, url = service.url, token = body.token] = LINK.exec(String(body.token)) ?? [];
    return callApi({ ...service, url }, { ...request, body: { ...body, token } });
  },
};
