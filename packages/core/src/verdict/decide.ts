import type { Catalogue } from "../scopes/catalogue.ts";
import type { KeyRecord, Verdict, VerifyRequest } from "./verdict.ts";
export function decide(
  _record: KeyRecord,
  _version: number,
  _request: VerifyRequest,
  _catalogue: Catalogue,
  _now: number,
): Verdict {
  throw new TypeError("not written yet");
}
