/** What ending a key would break, in words: pure, from what was read. */
import {
  type Key,
  type KeyStatus,
  type KeyThrottle,
  type RegisteredDependant,
  registeredDependants,
} from "../../keys/index.ts";
import type { CalledRow } from "../queries/impact.ts";
import { agoOf, counted, endpointOf, listOf, throttleWords } from "./words.ts";

export type ImpactWindow = "24h" | "30d";

export interface ImpactFacts {
  readonly status: KeyStatus;
  readonly window: ImpactWindow;
  readonly accepted: number;
  readonly refused: number;
  readonly lastUsedAt: Date | null;
  readonly networks: readonly string[];
  readonly countries: readonly string[];
  readonly agents: readonly string[];
  readonly services: readonly string[];
  readonly browser: boolean;
  readonly endpoints: readonly Pick<CalledRow, "method" | "route" | "accepted">[];
  readonly key: Pick<Key, "dependants" | "criticality" | "runbookUrl" | "ownerMember" | "ownerTeam"> & {
    readonly throttle: KeyThrottle | null;
  };
  /** Refused within the window because a limit was reached. */
  readonly limited: number;
}

const WINDOWS: Readonly<Record<ImpactWindow, string>> = { "24h": "24 hours", "30d": "30 days" };
const OTHERS = "*";

/** Whether nothing accepts it any more, so that ending it breaks nothing. */
const isDead = (status: KeyStatus): boolean => status === "revoked" || status === "expired";
const isStopped = (status: KeyStatus): boolean => isDead(status) || status === "suspended" || status === "requested";

export function breaksOf(facts: ImpactFacts, now: Date): string {
  return [usedWords(facts, now), atWords(facts), askWords(facts)].filter((sentence) => sentence !== "").join(" ");
}

function usedWords(facts: ImpactFacts, now: Date): string {
  const { status, window, accepted, refused, lastUsedAt } = facts;
  const within = `Within ${WINDOWS[window]}`;
  if (isStopped(status)) {
    const still = refused === 0 ? "nobody presented it" : `it was presented ${counted(refused, "time")} and refused`;
    const then = accepted === 0 ? "" : `, after ${counted(accepted, "request")} had been accepted`;
    return `Nothing more breaks: it is ${status} and refused already. ${within} ${still}${then}.`;
  }
  if (accepted === 0) {
    const last =
      lastUsedAt === null ? "It was never accepted" : `It was accepted last ${agoOf(lastUsedAt, now)}, before that`;
    const beside = refused === 0 ? "nobody presented it" : `${counted(refused, "request")} with it were all refused`;
    return `Probably nothing breaks: within ${WINDOWS[window]} ${beside}. ${last}. What calls less often than that is not seen here.`;
  }
  const latest = lastUsedAt === null ? "" : `, the latest ${agoOf(lastUsedAt, now)}`;
  const { networks, countries, agents, services, browser } = facts;
  const told = (names: readonly string[]): string => listOf(names.map((name) => (name === OTHERS ? "others" : name)));
  const parts = [
    networks.length === 0 ? "" : ` from ${told(networks)}`,
    countries.length === 0 ? "" : ` in ${told(countries)}`,
    agents.length === 0 ? "" : ` with ${told(agents)}`,
    services.length === 0 ? "" : ` of ${told(services)}`,
    browser ? ", a browser among them" : "",
  ];
  return `${within} ${counted(accepted, "request")} ${accepted === 1 ? "was" : "were"} accepted${latest}${parts.join("")}: whoever sent them is refused from then on.`;
}

function atWords({ status, endpoints }: ImpactFacts): string {
  const called = endpoints.filter(({ accepted }) => accepted > 0);
  if (isStopped(status) || called.length === 0) return "";
  const places = called.map((row) => `${endpointOf(row)} (${row.accepted.toLocaleString("en-US")})`);
  return `What they lose: ${listOf(places)}.`;
}

function askWords({ key }: ImpactFacts): string {
  const { criticality, runbookUrl } = key;
  const names = registeredDependants(key).map(nameOf);
  return [
    names.length === 0
      ? "Nobody has registered as depending on it."
      : `Registered as depending on it: ${listOf(names)}.`,
    key.throttle === null ? "" : `It is throttled: ${throttleWords(key.throttle)}.`,
    criticality === null ? "" : `It is marked as ${criticality}.`,
    runbookUrl === null ? "" : `What to do then: ${runbookUrl}`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** `Billing (billing@acme.example)` */
const nameOf = ({ name, contact }: RegisteredDependant): string => (contact === null ? name : `${name} (${contact})`);

export interface Suggestion {
  readonly act: "revoke" | "suspend" | "throttle" | "ask-first" | "none";
  readonly why: string;
}

const LEAK = "Where its secret may be known to others, revoke it at once all the same.";

export function suggestionOf(facts: ImpactFacts): Suggestion {
  const { status, accepted, refused, limited, key, lastUsedAt } = facts;
  if (isDead(status)) return { act: "none", why: `It is ${status} already.` };
  const careful = key.dependants.length > 0 || key.criticality === "high" || key.criticality === "critical";
  if (status === "suspended" && (careful || refused > 0))
    return {
      act: "ask-first",
      why: `It is suspended already, ${refused > 0 ? "and somebody presents it still" : "but somebody counts on it"}. Ask them before it ends for good. ${LEAK}`,
    };
  if (status === "suspended")
    return { act: "revoke", why: "It is suspended already, and nobody presents it any more." };
  if (accepted > 0 && limited > 0 && key.throttle === null && !isStopped(status))
    return {
      act: "throttle",
      why: `It is in use, and ${counted(limited, "request")} came beyond its limits. Where its callers do more than was agreed, throttle it while you talk to them: nobody is cut off. ${LEAK}`,
    };
  if (accepted > 0 && !isStopped(status))
    return {
      act: "ask-first",
      why: `It is in use. Tell its callers, or rotate it, so that they can change over first. ${LEAK}`,
    };
  if (careful || lastUsedAt !== null)
    return {
      act: "suspend",
      why: `It is not in use now, ${careful ? "but somebody counts on it" : "but it was"}. Suspend it first: if it was missed, a resume brings it back. ${LEAK}`,
    };
  return { act: "revoke", why: "It was never used, and nobody has registered as depending on it." };
}

/** When to choose which act; the same for every key. */
export const CHOICES = [
  {
    act: "revoke",
    when: "For good. When the secret may be known to others (leaked, compromised, abused): at once, whatever breaks. Or when you are sure that nobody needs it any more.",
  },
  {
    act: "suspend",
    when: "Until it is resumed. When you are not sure who depends on it, or the question is not settled: whoever misses it will say so, and a resume brings it back. Not for a leak, because what can be resumed is not ended.",
  },
  {
    act: "throttle",
    when: "Until a last date, when it ends by itself: a lower limit beside those that the key has. When a caller that you know does too much, and should go on at a lower rate while you talk. It refuses nobody for good and stops no thief.",
  },
] as const;
