/** For the testkit, which makes installations by hand. */
export type { NoticesPorts } from "./ports.ts";
export { type PutWebhookInput, putWebhook } from "./put-webhook.ts";
