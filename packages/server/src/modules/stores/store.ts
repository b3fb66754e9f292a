import { type Keyring, unseal } from "../../db/index.ts";
import type { CallOutside } from "../../kernel/outgoing/index.ts";
import type { StoreCommands } from "../../kernel/store-commands.ts";
import { type AwsSettings, awsKind } from "./kinds/aws.ts";
import { commandKind } from "./kinds/command.ts";
import type { Kind } from "./kinds/kind.ts";
import { type VaultSettings, vaultKind } from "./kinds/vault.ts";

export type StoreSettings =
  | { readonly kind: "vault"; readonly settings: VaultSettings }
  | { readonly kind: "aws-secrets-manager"; readonly settings: AwsSettings }
  | { readonly kind: "command"; readonly settings: { readonly command: string } };

export type Store = StoreSettings & {
  readonly id: string;
  readonly description: string | null;
  readonly pathPrefix: string;
  /** Sealed; null of a command. */
  readonly credential: Uint8Array | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Of the whole platform. */
export const MOST_STORES = 100;
/** Below the prefix of a store. */
export const TEST_PATH = "claviger-test";

export const credentialPlace = (id: string): string => `store:${id}:credential`;

interface Opening {
  readonly keyring: Keyring;
  readonly call: CallOutside;
  readonly commands: StoreCommands;
  now(): Date;
}

/** Throws DatabaseError SEAL_BROKEN. */
export function openStore({ keyring, call, commands, now }: Opening, store: Store): Kind {
  if (store.kind === "command") {
    const { command } = store.settings;
    return commandKind(Object.hasOwn(commands, command) ? (commands[command] ?? []) : []);
  }
  const credential = unseal(keyring, credentialPlace(store.id), store.credential ?? new Uint8Array());
  return store.kind === "vault"
    ? vaultKind(call, store.settings, credential)
    : awsKind(call, store.settings, credential, now);
}

/** As the contract shows it, and as audit events do: nothing of it opens anything. */
export function shapeStore(store: Store) {
  const { id, kind, description, pathPrefix, createdAt, updatedAt } = store;
  return {
    ...{ id, kind, description, pathPrefix },
    vault: store.kind === "vault" ? store.settings : null,
    aws: store.kind === "aws-secrets-manager" ? store.settings : null,
    command: store.kind === "command" ? store.settings.command : null,
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
  };
}

export function auditedStore(store: Store) {
  const { createdAt: _, updatedAt: __, ...shown } = shapeStore(store);
  return shown;
}
