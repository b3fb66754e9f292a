import { ClavigerError, routeShape } from "@claviger/core";
import { isUniqueViolation, PLATFORM, type Tx } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { findScope, saveScope, selectAllScopes } from "./catalogue.store.ts";
import { CATALOGUE_SUBJECT, type Scope } from "./catalogue.ts";

export type PutScopeInput = Pick<Scope, "description" | "tier" | "sensitive" | "routes">;

export interface PutScope {
  readonly scope: Scope;
  readonly created: boolean;
}

/**
 * Creates a scope or replaces its definition and routes. A changed tier, sensitivity or route may take something away,
 * so a replacement always passes the barrier. Throws CONFLICT when a route belongs to another scope.
 */
export async function putScope(
  act: Act,
  acting: Acting<PutScope>,
  name: string,
  input: PutScopeInput,
): Promise<Done<PutScope>> {
  const routes = input.routes.map((route) => ({ method: route.method.toUpperCase(), path: route.path }));
  try {
    return await act(acting, PLATFORM, async (unit) => {
      const existing = await findScope(unit.tx, name);
      const scope: Scope = {
        ...{ name, description: input.description, tier: input.tier, sensitive: input.sensitive, routes },
        createdAt: existing?.createdAt ?? unit.now,
        updatedAt: unit.now,
      };
      await refuseTakenRoutes(unit.tx, scope);
      await saveScope(unit.tx, scope);
      const difference = existing === null ? null : changed(shown(existing), shown(scope));
      unit.audits({
        action: existing === null ? "scope.created" : "scope.updated",
        account: null,
        target: { type: "scope", id: name },
        ...(existing === null
          ? { after: shown(scope) }
          : { before: difference?.before ?? {}, after: difference?.after ?? {} }),
      });
      if (existing === null && routes.length === 0) unit.widens(CATALOGUE_SUBJECT);
      else unit.narrows(CATALOGUE_SUBJECT);
      return { scope, created: existing === null };
    });
  } catch (error) {
    if (isUniqueViolation(error))
      throw new ClavigerError("CONFLICT", { publicDetail: "A route can belong to one scope only." });
    throw error;
  }
}

const shown = ({ description, tier, sensitive, routes }: Scope): PutScopeInput => ({
  description,
  tier,
  sensitive,
  routes,
});

/** Two templates that match the same paths, such as /a/{id} and /a/{name}, are one route. */
async function refuseTakenRoutes(tx: Tx, scope: Scope): Promise<void> {
  const shapeOf = (route: { method: string; path: string }) => routeShape(route.method, route.path);
  const taken = new Map<string, string>();
  for (const other of await selectAllScopes(tx)) {
    if (other.name === scope.name) continue;
    for (const route of other.routes) taken.set(shapeOf(route), other.name);
  }
  const own = new Set<string>();
  for (const [index, route] of scope.routes.entries()) {
    const shape = shapeOf(route);
    const owner = taken.get(shape) ?? (own.has(shape) ? scope.name : undefined);
    if (owner !== undefined) {
      throw new ClavigerError("CONFLICT", {
        publicDetail: `The route ${route.method} ${route.path} belongs to the scope ${owner} already.`,
        errors: [{ path: `routes[${index}]`, message: `belongs to ${owner} already` }],
      });
    }
    own.add(shape);
  }
}
