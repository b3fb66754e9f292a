/** Acts on many keys: started at once, then waited for with a bar. */
import { bulkActOperations, pick } from "@claviger/contract";
import { isObject } from "../input/json-value.ts";
import type { Io } from "../io.ts";
import { createProgress } from "../output/progress.ts";
import { type ApiAnswer, type ApiRequest, callApi } from "./call.ts";
import type { Service } from "./service.ts";

const FINISH = pick(bulkActOperations, "bulk-acts.finish");
/** How often the bar moves. */
const STEP_S = 1;

/**
 * Starts the act without waiting, and goes on with it until it is in force everywhere. A dry run is only asked for; so is an act for which
 * somebody says how long to wait.
 */
export async function carryOut(io: Io, service: Service, request: ApiRequest): Promise<ApiAnswer> {
  const body = isObject(request.body) ? request.body : {};
  if (body.dryRun === true || body.waitSeconds !== undefined) return callApi(service, request);
  const waitSeconds = request.operation.id === FINISH.id ? STEP_S : 0;
  const progress = createProgress(io, "keys");
  let answer = await callApi(service, { ...request, body: { ...body, waitSeconds } });
  try {
    for (;;) {
      const act = isObject(answer.body) && isObject(answer.body.bulkAct) ? answer.body.bulkAct : {};
      if (act.status !== "running") return answer;
      progress.show(Number(act.acted), Number(act.keys));
      const params = { id: String(act.id) };
      const next = { ...request, operation: FINISH, params, query: {}, body: { waitSeconds: STEP_S } };
      answer = await callApi(service, { ...next, idempotencyKey: undefined });
    }
  } finally {
    progress.clear();
  }
}
