/** Every command at the top, with what it takes to make it: only the one that is called for is loaded. */
import type { Command } from "commander";
import type { ApiCommand } from "../api/api-command.ts";
import type { Io } from "../io.ts";
import type { Outcome } from "../outcome.ts";
import type { Register } from "./operate/index.ts";

export interface Context {
  readonly io: Io;
  readonly outcome: Outcome;
  /** The word after the command's name, which may be none of its subcommands. */
  readonly verb: string | undefined;
  /** The word after that. */
  readonly further: string | undefined;
}

export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Gives the command its subcommands, arguments and flags; of the subcommands, only the one called `verb` in full. */
  load(command: Command, context: Context): Promise<void>;
}

export const ENTRIES: readonly Entry[] = [
  operate("serve", "Run the service in the foreground", async () => (await import("./operate/index.ts")).registerServe),
  operate(
    "verifier",
    "Run a verifier for the programs of this machine",
    async () => (await import("./operate/register-verifier.ts")).registerVerifier,
  ),
  operate(
    "demo",
    "Run the service with an invented platform",
    async () => (await import("./operate/index.ts")).registerDemo,
  ),
  group("accounts", "Your customers", async () => (await import("./accounts/index.ts")).accounts),
  group("notices", "What members are told by mail", async () => (await import("./notices/index.ts")).notices),
  group("members", "People of an account", async () => (await import("./members/index.ts")).members),
  group(
    "offboarding",
    "What becomes of the keys of members who leave",
    async () => (await import("./offboarding/index.ts")).offboarding,
  ),
  group(
    "scim-credentials",
    "Keys of identity providers, which provision members over SCIM",
    async () => (await import("./scim-credentials/index.ts")).scimCredentials,
  ),
  group("services", "Calling applications of an account", async () => (await import("./services/index.ts")).services),
  group(
    "scopes",
    "What keys may do, and the endpoints that scopes open",
    async () => (await import("./scopes/index.ts")).scopes,
  ),
  group("environments", "Live, test and others", async () => (await import("./environments/index.ts")).environments),
  group("plans", "Limits that accounts share", async () => (await import("./plans/index.ts")).plans),
  group("policies", "What keys may and must be", async () => (await import("./policies/index.ts")).policies),
  {
    name: "keys",
    summary: "API keys: issue, look, change, rotate, suspend, revoke",
    load: async (command, context) => {
      await addAll(command, (await import("./keys/index.ts")).keys, context);
      const rotations = command.command("rotation").description("The rotation of a key: look, confirm, extend, end");
      const verb = context.verb === "rotation" ? context.further : undefined;
      await addAll(rotations.helpCommand(false), (await import("./rotation/index.ts")).rotation, { ...context, verb });
    },
  },
  {
    name: "imports",
    summary: "Keys that exist elsewhere, and go on working as they are",
    load: async (command, context) => {
      await addAll(command, (await import("./imports/index.ts")).imports, context);
      const { registerImport } = await import("./imports/import.ts");
      registerImport(command.command("import"), context.io, context.outcome);
    },
  },
  group(
    "drills",
    "Test rotations and revocations, and when one passed last",
    async () => (await import("./drills/index.ts")).drills,
  ),
  group(
    "approvals",
    "Keys, and changes of keys, that wait for somebody else",
    async () => (await import("./approvals/index.ts")).approvals,
  ),
  group(
    "bulk-acts",
    "Acts on many keys: how far they have come, and what became of each key",
    async () => (await import("./bulk-acts/index.ts")).bulkActs,
  ),
  {
    name: "usage",
    summary: "How keys are used: counts and single verifications",
    load: async (command, context) => {
      await addAll(command, (await import("./usage/index.ts")).usage, context);
      const { registerReconcileUsage } = await import("./operate/index.ts");
      registerReconcileUsage(command.command("reconcile"), context.io, context.outcome);
    },
  },
  group(
    "metering",
    "What to bill: sums by month, which close",
    async () => (await import("./metering/index.ts")).metering,
  ),
  group(
    "budgets",
    "What accounts and keys are meant to use in a month",
    async () => (await import("./budgets/index.ts")).budgets,
  ),
  group("endpoints", "What is called, and by which keys", async () => (await import("./endpoints/index.ts")).endpoints),
  group("links", "Secrets behind links that work once", async () => (await import("./links/index.ts")).links),
  group(
    "schedules",
    "Keys that are rotated by themselves",
    async () => (await import("./schedules/index.ts")).schedules,
  ),
  group(
    "splits",
    "Shared keys in the place of which each caller is given one of its own",
    async () => (await import("./splits/index.ts")).splits,
  ),
  group(
    "split-callers",
    "Who uses a key that is being split",
    async () => (await import("./split-callers/index.ts")).splitCallers,
  ),
  group(
    "stores",
    "Secret stores to which secrets are delivered",
    async () => (await import("./stores/index.ts")).stores,
  ),
  group(
    "hand-overs",
    "Secrets on their way to stores, or waiting to be claimed",
    async () => (await import("./hand-overs/index.ts")).handOvers,
  ),
  group("views", "Keys that deserve a look, each with why", async () => (await import("./views/index.ts")).views),
  single("overview", "The platform at a glance", async () => (await import("./overview/show.ts")).showOverview),
  single("verify", "Decide on a presented key", async () => (await import("./verification/verify.ts")).verifyKey),
  group(
    "webhooks",
    "Where events are posted, and what was sent",
    async () => (await import("./webhooks/index.ts")).webhooks,
  ),
  single(
    "event-types",
    "What webhooks can be told",
    async () => (await import("./event-types/list.ts")).listEventTypes,
  ),
  {
    name: "audit",
    summary: "Who did what, and proof that nobody changed the record",
    load: async (command, context) => {
      const { listAuditEvents } = await import("./audit/list.ts");
      await addAll(command, [listAuditEvents], context);
      (await import("./operate/index.ts")).registerVerifyAudit(command.command("verify"), context.io, context.outcome);
    },
  },
  {
    name: "key",
    summary: "Look at a string offline: is it a key?",
    load: async (command, { io, outcome }) => {
      (await import("./operate/index.ts")).registerKeyCheck(command.command("check"), io, outcome);
    },
  },
  single(
    "nodes",
    "Nodes of the cluster: who holds a lease, who lags",
    async () => (await import("./nodes/list.ts")).listNodes,
  ),
  single("key-format", "How keys of the platform look", async () => (await import("./system/key-format.ts")).keyFormat),
  operate(
    "doctor",
    "Look whether all is well with an installation",
    async () => (await import("./operate/index.ts")).registerDoctor,
  ),
  operate(
    "recover-management-key",
    "Make a management key when the last one is lost",
    async () => (await import("./operate/index.ts")).registerRecoverManagementKey,
  ),
  operate(
    "rotate-pepper",
    "Take a new pepper into use; no key ends",
    async () => (await import("./operate/register-rotations.ts")).registerRotatePepper,
  ),
  operate(
    "rotate-tag-key",
    "Take a new tag key into use; no key ends",
    async () => (await import("./operate/register-rotations.ts")).registerRotateTagKey,
  ),
  operate(
    "rotate-audit-key",
    "Take a new key of the audit chain into use",
    async () => (await import("./operate/register-rotations.ts")).registerRotateAuditKey,
  ),
  operate(
    "rotate-master-key",
    "Replace the master key; no key ends",
    async () => (await import("./operate/register-rotations.ts")).registerRotateMasterKey,
  ),
  operate(
    "rotate-kek",
    "Wrap every recoverable secret by another key-encryption key; no key ends",
    async () => (await import("./operate/register-rotations.ts")).registerRotateKek,
  ),
  operate(
    "backup",
    "Write everything as one encrypted file",
    async () => (await import("./operate/register-backups.ts")).registerBackup,
  ),
  operate(
    "restore",
    "Make an installation of a backup",
    async () => (await import("./operate/register-backups.ts")).registerRestore,
  ),
];

function group(name: string, summary: string, commands: () => Promise<readonly ApiCommand[]>): Entry {
  return { name, summary, load: async (command, context) => addAll(command, await commands(), context) };
}

async function addAll(command: Command, definitions: readonly ApiCommand[], context: Context): Promise<void> {
  const { io, outcome, verb } = context;
  const [{ registerApi }, { verbOf }] = await Promise.all([
    import("../api/register.ts"),
    import("../api/api-command.ts"),
  ]);
  for (const definition of definitions) {
    const name = verbOf(definition);
    const subcommand = command.command(name).description(definition.operation.summary);
    if (name === verb) registerApi(subcommand, definition, io, outcome);
  }
}

function single(name: string, summary: string, find: () => Promise<ApiCommand>): Entry {
  return {
    name,
    summary,
    load: async (command, { io, outcome }) => {
      const { registerApi } = await import("../api/register.ts");
      registerApi(command, await find(), io, outcome);
    },
  };
}

function operate(name: string, summary: string, find: () => Promise<Register>): Entry {
  return { name, summary, load: async (command, { io, outcome }) => (await find())(command, io, outcome) };
}
