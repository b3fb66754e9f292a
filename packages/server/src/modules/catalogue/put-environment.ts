import { ClavigerError, type Limit } from "@claviger/core";
import { isUniqueViolation, PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { findEnvironment, saveEnvironment } from "./catalogue.store.ts";
import { type Environment, environmentSubject, RESERVED_TAGS } from "./catalogue.ts";

export interface PutEnvironmentInput {
  readonly tag: string;
  readonly class: Environment["class"];
  readonly scopes?: readonly string[] | null | undefined;
  readonly limits?: readonly Limit[] | undefined;
}

export interface PutEnvironment {
  readonly environment: Environment;
  readonly created: boolean;
}

/**
 * Creates an environment or replaces it, except for its tag. Throws CONFLICT for a tag that is taken, reserved or another than before, and for
 * another class that is one of `recoverable`: that secrets are kept from now on is for settings to say, and for no call.
 */
export async function putEnvironment(
  act: Act,
  acting: Acting<PutEnvironment>,
  name: string,
  input: PutEnvironmentInput,
  recoverable: readonly Environment["class"][] = [],
): Promise<Done<PutEnvironment>> {
  if (RESERVED_TAGS.has(input.tag)) throw tagConflict(`The tag ${input.tag} is reserved.`);
  try {
    return await act(acting, PLATFORM, async (unit) => {
      const existing = await findEnvironment(unit.tx, name, true);
      if (existing !== null && existing.tag !== input.tag) {
        throw tagConflict(`The tag of ${name} is ${existing.tag} and is part of its keys; it cannot change.`);
      }
      demandClass(existing, input, recoverable);
      const environment: Environment = {
        ...{ name, tag: input.tag, class: input.class, scopes: input.scopes ?? null, limits: input.limits ?? [] },
        createdAt: existing?.createdAt ?? unit.now,
        updatedAt: unit.now,
      };
      await saveEnvironment(unit.tx, environment);
      const difference = existing === null ? null : changed(shown(existing), shown(environment));
      unit.audits({
        action: existing === null ? "environment.created" : "environment.updated",
        account: null,
        target: { type: "environment", id: name },
        ...(existing === null
          ? { after: shown(environment) }
          : { before: difference?.before ?? {}, after: difference?.after ?? {} }),
      });
      if (existing === null) unit.widens(environmentSubject(name));
      else unit.narrows(environmentSubject(name));
      return { environment, created: existing === null };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw tagConflict(`The tag ${input.tag} belongs to another environment.`);
    throw error;
  }
}

function demandClass(
  existing: Environment | null,
  { class: kind }: PutEnvironmentInput,
  recoverable: readonly Environment["class"][],
): void {
  if (existing === null || !recoverable.includes(kind) || recoverable.includes(existing.class)) return;
  const detail = `Keys of the class ${kind} are recoverable here, and those of ${existing.name} were made as keys that are not: make another environment.`;
  throw new ClavigerError("CONFLICT", { publicDetail: detail, errors: [{ path: "class", message: detail }] });
}

const shown = ({ tag, class: kind, scopes, limits }: Environment) => ({ tag, class: kind, scopes, limits });

function tagConflict(detail: string): ClavigerError {
  return new ClavigerError("CONFLICT", { publicDetail: detail, errors: [{ path: "tag", message: detail }] });
}
