import { type Catalogue, type CatalogueSource, ClavigerError, compileCatalogue } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { type Page, type PageRequest, pageOf } from "../../kernel/page.ts";
import {
  findEnvironment,
  findPlan,
  findScope,
  selectAllScopes,
  selectEnvironments,
  selectPlans,
  selectScopes,
} from "./catalogue.store.ts";
import type { Environment, Plan, Scope } from "./catalogue.ts";

const BY_NAME = { sort: "name", kinds: ["string"], valuesOf: (row: { readonly name: string }) => [row.name] } as const;

function pageByName<T extends { readonly name: string }>(
  request: PageRequest,
  select: (after: string | null, count: number) => Promise<T[]>,
): Promise<Page<T>> {
  return pageOf<T>(request, BY_NAME, (after, count) => select(after === null ? null : String(after[0]), count));
}

export function listScopes(tx: Tx, request: PageRequest): Promise<Page<Scope>> {
  return pageByName(request, (after, count) => selectScopes(tx, after, count));
}

export function listEnvironments(tx: Tx, request: PageRequest): Promise<Page<Environment>> {
  return pageByName(request, (after, count) => selectEnvironments(tx, after, count));
}

export function listPlans(tx: Tx, request: PageRequest): Promise<Page<Plan>> {
  return pageByName(request, (after, count) => selectPlans(tx, after, count));
}

function known<T>(found: T | null): T {
  if (found === null) throw new ClavigerError("NOT_FOUND");
  return found;
}

export async function getScope(tx: Tx, name: string): Promise<Scope> {
  return known(await findScope(tx, name));
}

export async function getEnvironment(tx: Tx, name: string): Promise<Environment> {
  return known(await findEnvironment(tx, name));
}

export async function getPlan(tx: Tx, name: string): Promise<Plan> {
  return known(await findPlan(tx, name));
}

/** What a catalogue is compiled of. `unmapped` is the platform's word on routes that no scope names. */
export async function loadCatalogueSource(tx: Tx, unmapped: Catalogue["unmapped"]): Promise<CatalogueSource> {
  const found = await selectAllScopes(tx);
  const scopes = found.map(({ name, tier, sensitive }) => ({ name, tier, sensitive }));
  const routes = found.flatMap((scope) =>
    scope.routes.map(({ method, path }) => ({ method, path, scope: scope.name })),
  );
  return { scopes, routes, unmapped };
}

/** The scopes and routes compiled for decisions. */
export async function loadCatalogue(tx: Tx, unmapped: Catalogue["unmapped"]): Promise<Catalogue> {
  return compileCatalogue(await loadCatalogueSource(tx, unmapped));
}
