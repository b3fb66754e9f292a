import {
  BUILT_IN_MANAGEMENT_POLICY,
  BUILT_IN_POLICY,
  type KeyPolicy,
  type PolicyBody,
  type PolicyValueName,
  type PolicyValues,
  type Risk,
} from "./policy.ts";
import { POLICY_VALUE_NAMES, sameValue, strictest } from "./strictness.ts";

/**
 * Where a value comes from, least specific first.
 *
 * The first four are ground: the platform's staff decide, and what is more specific replaces what is less. The others only tighten.
 * `built-in`: the product; `platform`: the policy `default`, or `management` of management keys; `account-policy`: the policy that the
 * account refers to; `account`: what is set for the account alone; `environment`: the policy of the key's environment; `key`: the key's own.
 */
export type PolicyLayerKind = "built-in" | "platform" | "account-policy" | "account" | "environment" | "key";

/** What stands above a key. Whatever is absent says nothing. */
export interface PolicyLayers {
  readonly platform: NamedPolicy;
  readonly accountPolicy?: NamedPolicy | undefined;
  readonly account?: PolicyBody | undefined;
  readonly environment?: (NamedPolicy & { readonly environment: string }) | undefined;
  readonly key?: KeyPolicy | undefined;
  /** Management keys have a ground of their own. */
  readonly management?: boolean | undefined;
}

export interface NamedPolicy {
  readonly name: string;
  readonly body: PolicyBody;
}

export interface ResolvedValue<T> {
  readonly value: T;
  /** The layer that set it; of lists, every layer that added to it. */
  readonly layers: readonly PolicyLayerKind[];
  /** In words. */
  readonly why: string;
}
export type ResolvedPolicy = { readonly [Name in PolicyValueName]: ResolvedValue<PolicyValues[Name]> };

interface Source {
  readonly kind: PolicyLayerKind;
  readonly words: string;
  readonly body: PolicyBody;
}

/**
 * What holds for a key of this risk: each value with the layer that set it.
 *
 * Of the ground, the most specific layer that says something of a value counts, for all keys and once more for keys of the risk. Then
 * the strictest counts of: the ground, the ground of the risk, the environment and its risk, the key. So a layer that is more specific
 * can loosen only what staff have said less specifically in the same words; what is said of a risk, of an environment or of a key never
 * loosens anything. A lifetime is never longer than the longest.
 */
export function resolvePolicy(layers: PolicyLayers, risk: Risk): ResolvedPolicy {
  const ground = groundOf(layers);
  const resolved: Record<string, ResolvedValue<unknown>> = {};
  for (const name of POLICY_VALUE_NAMES) resolved[name] = resolveValue(name, ground, layers, risk);
  return capped(resolved as unknown as ResolvedPolicy);
}

/** Most specific first. */
function groundOf(layers: PolicyLayers): readonly Source[] {
  const { platform, accountPolicy, account, management = false } = layers;
  const builtIn = management ? BUILT_IN_MANAGEMENT_POLICY : BUILT_IN_POLICY;
  return [
    ...(account === undefined ? [] : [source("account", "set for the account", account)]),
    ...(accountPolicy === undefined
      ? []
      : [source("account-policy", `the account's policy ${accountPolicy.name}`, accountPolicy.body)]),
    source("platform", `the policy ${platform.name}`, platform.body),
    source("built-in", "built in", builtIn),
  ];
}

const source = (kind: PolicyLayerKind, words: string, body: PolicyBody): Source => ({ kind, words, body });

interface Candidate {
  readonly kind: PolicyLayerKind;
  readonly why: string;
  readonly value: PolicyValues[PolicyValueName];
}

function resolveValue(
  name: PolicyValueName,
  ground: readonly Source[],
  { environment, key }: PolicyLayers,
  risk: Risk,
): ResolvedValue<unknown> {
  const said = [
    firstOf(ground, ({ body }) => body[name], ""),
    firstOf(ground, ({ body }) => body.risks?.[risk]?.[name], `, for keys of risk ${risk}`),
    ...(environment === undefined ? [] : ofEnvironment(environment, name, risk)),
    ...(key === undefined ? [] : [candidate("key", "set on the key itself", (key as PolicyBody)[name])]),
  ].filter((each) => each !== null);
  const value = said.map((each) => each.value).reduce((a, b) => strictest(name, a, b));
  const setters = Array.isArray(value) ? addersTo(said) : said.filter((each) => sameValue(each.value, value));
  const shown = Array.isArray(value) ? setters : setters.slice(0, 1);
  return {
    value,
    layers: [...new Set(shown.map(({ kind }) => kind))],
    why: [...new Set(shown.map(({ why }) => why))].join("; "),
  };
}

function candidate(kind: PolicyLayerKind, why: string, value: Candidate["value"] | undefined): Candidate | null {
  return value === undefined ? null : { kind, why, value };
}

function firstOf(
  ground: readonly Source[],
  read: (from: Source) => Candidate["value"] | undefined,
  suffix: string,
): Candidate | null {
  const from = ground.find((each) => read(each) !== undefined);
  return from === undefined ? null : candidate(from.kind, `${from.words}${suffix}`, read(from));
}

function ofEnvironment(
  { environment, name: policy, body }: NonNullable<PolicyLayers["environment"]>,
  name: PolicyValueName,
  risk: Risk,
): (Candidate | null)[] {
  const words = `the policy ${policy} of the environment ${environment}`;
  return [
    candidate("environment", words, body[name]),
    candidate("environment", `${words}, for keys of risk ${risk}`, body.risks?.[risk]?.[name]),
  ];
}

/** Those that brought an item which none before them did; the first where the list is empty. */
function addersTo(said: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  const adders = said.filter(({ value }) => {
    const items = (value as readonly unknown[]).map((item) => JSON.stringify(item));
    const adds = items.some((item) => !seen.has(item));
    for (const item of items) seen.add(item);
    return adds;
  });
  return adders.length > 0 ? adders : said.slice(0, 1);
}

function capped(resolved: ResolvedPolicy): ResolvedPolicy {
  const { lifetimeDays, maxLifetimeDays } = resolved;
  const longest = maxLifetimeDays.value;
  if (longest === null || (lifetimeDays.value !== null && lifetimeDays.value <= longest)) return resolved;
  const why = `no longer than the longest lifetime: ${maxLifetimeDays.why}`;
  return { ...resolved, lifetimeDays: { value: longest, layers: maxLifetimeDays.layers, why } };
}
