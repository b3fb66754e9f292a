export { decide } from "./decide.ts";
export { refusalHttp } from "./refusal-http.ts";
export { retirementOf } from "./retirement.ts";
export type { LimitStanding, RefusedKey, ShownVerdict, VerificationRequest, VerifiedKey } from "./shown-verdict.ts";
export { timeText } from "./time-text.ts";
export {
  type KeyRecord,
  REFUSAL_CODES,
  type RefusalCode,
  type RefusedVerdict,
  refusal,
  type ValidVerdict,
  type Verdict,
  type VerifyRequest,
  type VersionRecord,
} from "./verdict.ts";
export type { Observer, Verifier, WouldRefuse } from "./verifier.ts";
