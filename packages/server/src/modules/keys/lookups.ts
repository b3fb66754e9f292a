import { type Catalogue, ClavigerError, type PolicyLayers } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { type Account, findMember, type Member } from "../accounts/index.ts";
import { type Environment, findEnvironment, findPlan, loadCatalogue, type Plan } from "../catalogue/index.ts";
import { holdPolicies, readLayers } from "../policies/index.ts";
import { type KeyDescription, relatedFields } from "./describe-key.ts";
import { countActiveKeys } from "./keys.store.ts";

/** What the checks of new keys read, each thing once in a transaction, however many keys ask for it. */
export interface Lookups {
  environment(name: string | undefined): Promise<Environment>;
  catalogue(): Promise<Catalogue>;
  plan(account: Account): Promise<Plan | null>;
  creator(account: string, reference: string | undefined): Promise<Member | null>;
  related(account: string, input: Pick<KeyDescription, "owner" | "service">): ReturnType<typeof relatedFields>;
  /** What stands above new keys of an account in an environment, which stays so until the transaction ends. */
  layers(account: string, environment: string): Promise<PolicyLayers>;
  /** How many active keys the account has, those included that have taken a place. */
  places(account: string, now: Date): Promise<number>;
  takePlace(account: string): void;
}

export function createLookups(tx: Tx): Lookups {
  const environments = once((name: string | undefined) => requireEnvironment(tx, name));
  const catalogues = once(() => loadCatalogue(tx, "refuse"));
  const plans = once((name: string) => findPlan(tx, name));
  const creators = once((account: string, reference: string | undefined) =>
    requireActiveMember(tx, account, reference, "createdBy"),
  );
  const related = once((account: string, owner: Reference, service: Reference) =>
    relatedFields(tx, account, { owner, service }),
  );
  const held = once(() => holdPolicies(tx));
  const layers = once(async (account: string, environment: string) => {
    await held();
    return readLayers(tx, account, environment);
  });
  const places = new Map<string, number>();
  return {
    layers,
    places: async (account, now) => {
      const count = places.get(account) ?? (await countActiveKeys(tx, account, now));
      places.set(account, count);
      return count;
    },
    takePlace: (account) => {
      const count = places.get(account);
      if (count !== undefined) places.set(account, count + 1);
    },
    environment: environments,
    catalogue: catalogues,
    plan: async (account) => (account.plan === null ? null : plans(account.plan)),
    creator: creators,
    related: (account, { owner, service }) => related(account, owner, service),
  };
}

type Reference = string | null | undefined;

/** The same answer for the same arguments; a failure is an answer too. */
function once<A extends readonly Reference[], T>(read: (...asked: A) => Promise<T>): (...asked: A) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (...asked) => {
    const name = asked.map((part) => (part == null ? String(part) : JSON.stringify(part))).join();
    const answer = known.get(name) ?? read(...asked);
    known.set(name, answer);
    return answer;
  };
}

export async function requireEnvironment(tx: Tx, name: string | undefined): Promise<Environment> {
  const environment = name === undefined ? null : await findEnvironment(tx, name);
  if (environment !== null) return environment;
  const message = name === undefined ? "is required" : `there is no environment ${name}`;
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "environment", message }] });
}

/** Holds the member's row, so that nobody is off-boarded while a key is made in their name. */
export async function requireActiveMember(
  tx: Tx,
  account: string,
  reference: string | undefined,
  path: string,
): Promise<Member | null> {
  if (reference === undefined) return null;
  const member = await findMember(tx, account, reference, "share");
  if (member?.status === "active") return member;
  const message = member === null ? "the account has no such member" : "the member is deactivated";
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path, message }] });
}
