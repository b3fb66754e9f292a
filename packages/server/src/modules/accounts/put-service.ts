import { ClavigerError } from "@claviger/core";
import { isUniqueViolation, PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { parseReference } from "../../kernel/reference.ts";
import type { Service } from "./account.ts";
import { findService, insertService, updateService } from "./accounts.store.ts";
import type { AccountsPorts } from "./ports.ts";
import { requireAccount } from "./put-account.ts";

export interface PutServiceInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface PutService {
  readonly service: Service;
  readonly created: boolean;
}

/** Creates a service under the caller's own id, or replaces what is known of it. Throws NOT_FOUND for the account or an id of ours. */
export async function putService(
  ports: AccountsPorts,
  acting: Acting<PutService>,
  account: string,
  reference: string,
  input: PutServiceInput,
): Promise<Done<PutService>> {
  const whole = { name: input.name, description: input.description ?? "", metadata: input.metadata ?? {} };
  const attempt = () =>
    ports.act(acting, PLATFORM, async (unit) => {
      const owner = await requireAccount(unit.tx, account, "share");
      const existing = await findService(unit.tx, owner.id, reference, "update");
      if (existing !== null) return { service: await replace(unit, existing, whole), created: false };
      return { service: await create(ports, unit, owner.id, reference, whole), created: true };
    });
  try {
    return await attempt();
  } catch (error) {
    if (isUniqueViolation(error)) return attempt();
    throw error;
  }
}

type Whole = Pick<Service, "name" | "description" | "metadata">;

async function create(
  ports: AccountsPorts,
  unit: Unit,
  account: string,
  reference: string,
  whole: Whole,
): Promise<Service> {
  const named = parseReference(reference);
  if (named.by === "id") throw new ClavigerError("NOT_FOUND");
  const id = ports.ids.make("svc");
  const service: Service = {
    id,
    account,
    externalId: named.externalId,
    ...whole,
    createdAt: unit.now,
    updatedAt: unit.now,
  };
  await insertService(unit.tx, service);
  unit.audits({ action: "service.created", account, target: { type: "service", id }, after: whole });
  return service;
}

async function replace(unit: Unit, existing: Service, whole: Whole): Promise<Service> {
  const after: Service = { ...existing, ...whole, updatedAt: unit.now };
  await updateService(unit.tx, after);
  const shown = ({ name, description, metadata }: Service): Whole => ({ name, description, metadata });
  const difference = changed(shown(existing), shown(after));
  unit.audits({
    action: "service.updated",
    account: existing.account,
    target: { type: "service", id: existing.id },
    before: difference?.before ?? {},
    after: difference?.after ?? {},
  });
  return after;
}
