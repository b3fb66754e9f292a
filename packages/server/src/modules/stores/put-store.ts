import { isDeepStrictEqual } from "node:util";
import { ClavigerError, Secret } from "@claviger/core";
import { PLATFORM, seal } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { refusedUrl } from "../../kernel/outgoing/index.ts";
import type { StoresPorts } from "./ports.ts";
import { auditedStore, credentialPlace, MOST_STORES, type Store, type StoreSettings } from "./store.ts";
import { countStores, findStore, writeStore } from "./stores.store.ts";

export interface PutStoreInput {
  readonly description: string | null;
  readonly pathPrefix: string;
  readonly vault?: PutVault | undefined;
  readonly aws?: PutAws | undefined;
  readonly command?: string | undefined;
}

interface PutVault {
  readonly address: string;
  readonly mount: string;
  readonly namespace: string | null;
  readonly token?: string | undefined;
  readonly appRole?:
    | { readonly mount: string; readonly roleId: string; readonly secretId?: string | undefined }
    | undefined;
}

interface PutAws {
  readonly region: string;
  readonly endpoint: string | null;
  readonly kmsKeyId: string | null;
  readonly accessKeyId: string;
  readonly secretAccessKey?: string | undefined;
}

export interface PutStore {
  readonly store: Store;
  readonly created: boolean;
}

type Ports = Pick<StoresPorts, "act" | "random" | "keyring" | "allowPrivate" | "commands">;
type Described = StoreSettings & {
  /** As it was given; undefined where it was left out, null where the kind has none. */
  readonly given: Secret | null | undefined;
  /** Where it is given. */
  readonly at: string;
};

/**
 * Names a store, or replaces its credential and its description. Where a store is never changes: whatever is on its way to it, and whoever
 * will name it, means the place that it was made for. A credential that is left out stays. Throws VALIDATION_FAILED for an address that may
 * not be called, a command that the settings do not name, and a credential that is missing; CONFLICT for one store too many, and for
 * another place.
 */
export async function putStore(
  ports: Ports,
  acting: Acting<PutStore>,
  id: string,
  input: PutStoreInput,
): Promise<Done<PutStore>> {
  const described = describe(ports, input);
  return ports.act(acting, PLATFORM, async (unit) => {
    const existing = await findStore(unit.tx, id, "update");
    if (existing === null && (await countStores(unit.tx)) >= MOST_STORES)
      throw new ClavigerError("CONFLICT", { publicDetail: `There are at most ${MOST_STORES} stores.` });
    demandSamePlace(existing, described, input.pathPrefix);
    const { given: _, at: __, ...settings } = described;
    const store: Store = {
      ...{ id, ...settings, description: input.description, pathPrefix: input.pathPrefix },
      credential: credentialFor(ports, id, described, existing),
      createdAt: existing?.createdAt ?? unit.now,
      updatedAt: unit.now,
    };
    await writeStore(unit.tx, store);
    audit(unit, existing, store, described.given != null);
    return { store, created: existing === null };
  });
}

function describe(ports: Ports, { vault, aws, command }: PutStoreInput): Described {
  if (vault !== undefined) {
    const { mount, namespace, appRole } = vault;
    const address = checkedAddress(vault.address, "vault.address", ports.allowPrivate);
    const role = appRole === undefined ? null : { mount: appRole.mount, roleId: appRole.roleId };
    const given = appRole === undefined ? vault.token : appRole.secretId;
    return {
      kind: "vault",
      settings: { address, mount, namespace, auth: role === null ? "token" : "approle", appRole: role },
      ...{ given: secretOf(given), at: role === null ? "vault.token" : "vault.appRole.secretId" },
    };
  }
  if (aws !== undefined) {
    const { region, kmsKeyId, accessKeyId, secretAccessKey } = aws;
    const endpoint = aws.endpoint === null ? null : checkedAddress(aws.endpoint, "aws.endpoint", ports.allowPrivate);
    return {
      kind: "aws-secrets-manager",
      settings: { region, endpoint, kmsKeyId, accessKeyId },
      ...{ given: secretOf(secretAccessKey), at: "aws.secretAccessKey" },
    };
  }
  if (command === undefined || !Object.hasOwn(ports.commands, command))
    throw invalid("command", "is no command that the settings of the service name");
  return { kind: "command", settings: { command }, given: null, at: "command" };
}

const secretOf = (text: string | undefined): Secret | undefined => (text === undefined ? undefined : new Secret(text));

function invalid(path: string, message: string): ClavigerError {
  return new ClavigerError("VALIDATION_FAILED", { errors: [{ path, message }] });
}

/** Without a slash at its end. A name is looked up when it is called, so what it resolves to is not known yet. */
function checkedAddress(text: string, path: string, allowPrivate: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw invalid(path, "must be a URL");
  const refused = refusedUrl(url, allowPrivate);
  if (refused !== null) throw invalid(path, refused);
  if (url.search !== "" || url.hash !== "") throw invalid(path, "must end with its path");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function credentialFor(ports: Ports, id: string, { given, at }: Described, existing: Store | null) {
  if (given === null) return null;
  if (given !== undefined) return seal(ports.keyring, ports.random, credentialPlace(id), given);
  if (existing === null) throw invalid(at, "must be given");
  return existing.credential;
}

/** Throws CONFLICT. */
function demandSamePlace(existing: Store | null, { kind, settings }: Described, pathPrefix: string): void {
  if (existing === null) return;
  const is = [existing.kind, existing.settings, existing.pathPrefix];
  if (isDeepStrictEqual(is, [kind, settings, pathPrefix])) return;
  throw new ClavigerError("CONFLICT", {
    publicDetail:
      "A store stays where it is: only its credential and its description change. Name another store for another place.",
  });
}

function audit(unit: Unit, existing: Store | null, store: Store, given: boolean): void {
  const about = { account: null, target: { type: "store", id: store.id } };
  const after = auditedStore(store);
  if (existing === null) {
    unit.audits({ action: "store.created", ...about, after });
    return;
  }
  const difference = changed(auditedStore(existing), after);
  unit.audits({
    ...{ action: "store.updated", ...about, before: difference?.before ?? {} },
    after: { ...difference?.after, ...(given ? { credential: "replaced" } : {}) },
  });
}
