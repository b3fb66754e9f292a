import {
  type Catalogue,
  createToldMemo,
  expandedScopes,
  type KeyFacts,
  timeText,
  type ValidVerdict,
} from "@claviger/core";
import type { Outcome, Standing } from "./verify-key.ts";

type Accepted = KeyFacts & ValidVerdict;
type ShowVerdict = (outcome: Outcome, catalogue: Catalogue | undefined) => string;

/**
 * Shows verdicts as the contract does to the owner of the verifier, as JSON. What it says of the key alone is written once for each
 * key in use: in a batch, writing it anew each time took two thirds as long as deciding.
 */
export function createShowVerdict(): ShowVerdict {
  const shownKey = createToldMemo(showKey);
  return ({ verdict, key, standing }, catalogue) => {
    if (!verdict.valid || key === null) return showRefusal({ verdict, key, standing });
    const { checked, route } = verdict;
    const ofKey = shownKey(key as Accepted, catalogue);
    const limits = standing === null ? "[]" : JSON.stringify(showLimits(standing));
    const { facts, metadata } = ofKey;
    return `{"valid":true,"code":"VALID","checked":"${checked}",${facts},"limits":${limits},"metadata":${metadata}${showRoute(route)}}`;
  };
}

/** The fields of an accepted key, without the braces around them, and its metadata. */
function showKey(
  key: Accepted,
  catalogue: Catalogue | undefined,
): { readonly facts: string; readonly metadata: string } {
  const shown = JSON.stringify({
    keyId: key.keyId,
    account: key.account,
    environment: key.environment,
    version: key.version,
    scopes: catalogue === undefined ? key.scopes : expandedScopes(key.scopes, catalogue),
    tier: key.tier,
    expiresAt: key.expiresAt === null ? null : timeText(key.expiresAt),
    retiresAt: key.retiresAt === null ? undefined : timeText(key.retiresAt),
  });
  return { facts: shown.slice(1, -1), metadata: JSON.stringify(key.metadata) };
}

/** What is undefined is left out. */
function showRefusal({ verdict, key, standing }: Outcome): string {
  if (verdict.valid || key === null) return JSON.stringify({ valid: false, code: verdict.code });
  return JSON.stringify({
    valid: false,
    code: verdict.code,
    keyId: key.keyId,
    account: key.account,
    environment: key.environment,
    missing: verdict.missing,
    route: verdict.route,
    limits: standing === null ? undefined : showLimits(standing),
    retryAfterMs: standing === null ? undefined : roundedUp(standing.refusal?.retryAfterMs),
  });
}

const ROUTES = new Map<string, string>();
/** Templates of the route map are few; beyond this many it has changed often. */
const MOST_ROUTES = 10_000;

function showRoute(route: string | null): string {
  if (route === null) return "";
  const known = ROUTES.get(route);
  if (known !== undefined) return known;
  if (ROUTES.size >= MOST_ROUTES) ROUTES.clear();
  const shown = `,"route":${JSON.stringify(route)}`;
  ROUTES.set(route, shown);
  return shown;
}

function showLimits({ limits, states }: Standing): unknown[] {
  return states.map((state, index) => ({
    name: state.name,
    per: limits[index]?.per,
    limit: state.limit,
    remaining: state.remaining,
    resetAt: state.resetAt === null ? null : timeText(state.resetAt),
  }));
}

/** Whole milliseconds, so that who waits that long is not too early; null for never. */
export function roundedUp(milliseconds: number | null | undefined): number | null {
  return milliseconds == null ? null : Math.ceil(milliseconds);
}
