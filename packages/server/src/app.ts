import type { IncomingMessage, ServerResponse } from "node:http";
import { hostname } from "node:os";
import { createKeyTable, createSourceAddress, type Secret, type Verifier } from "@claviger/core";
import type { Registry } from "prom-client";
import type { Config } from "./config.ts";
import {
  type ConnectionConfig,
  type Database,
  KEYRING_SUBJECT,
  type LiveKeyring,
  openDatabase,
  openKeyringOf,
  type RoleNames,
} from "./db/index.ts";
import { createHttpApp, type HttpPorts, problemFor } from "./http/app.ts";
import { createHotPath } from "./http/hot-path.ts";
import { linkPages } from "./http/link-page.ts";
import { referenceRoutes, securityRoutes } from "./http/reference-page.ts";
import { systemRoutes } from "./http/system-routes.ts";
import { createUpgrade, type Stream, type Upgrade } from "./http/upgrade.ts";
import { every, type Repeating } from "./jobs/every.ts";
import { startJobs } from "./jobs/start-jobs.ts";
import type { Act } from "./kernel/act.ts";
import type { Clock } from "./kernel/clock.ts";
import { watchDatabase } from "./kernel/database-metrics.ts";
import { createIds } from "./kernel/ids.ts";
import { createKeks } from "./kernel/kek/index.ts";
import type { Logger } from "./kernel/log.ts";
import { createMetrics } from "./kernel/metrics.ts";
import { outgoingBy, type ResolveName, resolveName } from "./kernel/outgoing/index.ts";
import { type Random, randomWord } from "./kernel/random.ts";
import { sha256 } from "./kernel/sha256.ts";
import { systemTimers } from "./kernel/timers.ts";
import { tracedAct } from "./kernel/traced-act.ts";
import type { Telemetry, Tracing } from "./kernel/tracing.ts";
import { createWatch } from "./kernel/watch.ts";
import { type AccessPorts, authenticateManagement, createFailedAttempts } from "./modules/access/index.ts";
import { accountsRoutes, findAccount } from "./modules/accounts/index.ts";
import { approvalsRoutes, createAskApproval } from "./modules/approvals/index.ts";
import { auditRoutes, createAnchorKeeper, createAuditWriter } from "./modules/audit/index.ts";
import { bulkActsRoutes } from "./modules/bulk-acts/index.ts";
import { catalogueRoutes } from "./modules/catalogue/index.ts";
import { createOwnChanges, isReachable, lockedSeq } from "./modules/changes/index.ts";
import { closingRoutes } from "./modules/closing/index.ts";
import { createCoherence, nodeRoutes } from "./modules/coherence/index.ts";
import { createDelivery } from "./modules/delivery/index.ts";
import { createDrillWatch, drillsRoutes } from "./modules/drills/index.ts";
import { createOldStore, type ImportHook, importRoutes } from "./modules/imports/index.ts";
import {
  describeKeys,
  inventoryRoutes,
  lastUseOf,
  selectKeyIds,
  showKey,
  showKeys,
  showOwn,
} from "./modules/inventory/index.ts";
import {
  ensureRoot,
  type KeysPorts,
  type KeyViews,
  keyFormatRoutes,
  keysRoutes,
  policyPreviews,
} from "./modules/keys/index.ts";
import { createNodeLimits } from "./modules/limits/index.ts";
import { meteringRoutes } from "./modules/metering/index.ts";
import { createNotices, type Notices } from "./modules/notices/index.ts";
import { createLeaving, offboardingRoutes } from "./modules/offboarding/index.ts";
import { policiesRoutes } from "./modules/policies/index.ts";
import { createRecovery } from "./modules/recovery/index.ts";
import { emergencyApproverOf, type RotationPorts, rotationPolicyOf, rotationRoutes } from "./modules/rotation/index.ts";
import { createSchedules } from "./modules/schedules/index.ts";
import { scimRoutes } from "./modules/scim/index.ts";
import { splitsRoutes } from "./modules/splits/index.ts";
import { createStores, deliveriesOf } from "./modules/stores/index.ts";
import {
  closeWriting,
  createHandOver,
  createUseFlush,
  openWriting,
  postgresEvents,
  type UsageWriter,
  usageRoutes,
} from "./modules/traffic/index.ts";
import {
  createKeySource,
  createNoteUse,
  createOwnVerifier,
  createVerifyKey,
  type KeySource,
  noting,
  ServiceLogs,
  type Terms,
  verificationRoutes,
} from "./modules/verification/index.ts";
import { STREAM_PATH, STREAM_PROTOCOL, STREAM_SCOPE, VerifierStream } from "./modules/verifiers/index.ts";
import { viewsRoutes } from "./modules/views/index.ts";
import { SOFTWARE_VERSION } from "./version.ts";

export interface House {
  readonly config: Config;
  readonly node: ConnectionConfig;
  readonly direct: ConnectionConfig;
  readonly roles: RoleNames;
  readonly masterKey: Uint8Array;
  /** Looks for it again where it may be replaced while the service runs. */
  readonly masterKeyNow?: (() => Promise<Uint8Array>) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Default: nothing is sent. */
  readonly telemetry?: Telemetry | undefined;
  /** How names of receivers outside are resolved. Default: as the operating system does it. */
  readonly resolve?: ResolveName;
  /**
   * Where another program's process and listener carry this node: the path below which it answers there, without a slash at the end.
   * What is the program's own, such as metrics of the process and security.txt, is left to it.
   */
  readonly mount?: { readonly basePath: string } | undefined;
  /** Asked about keys of old forms instead of an endpoint. */
  readonly importHook?: ImportHook | undefined;
}

export interface App {
  /** The API as one Web-standard handler. */
  readonly fetch: (request: Request, env?: unknown) => Response | Promise<Response>;
  /** Verification straight on node:http; false where `fetch` must answer. */
  readonly hotPath: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The stream of verifiers, on the same listener. */
  readonly upgrade: Upgrade;
  readonly database: Database;
  /** A verifier in this process, for the keys of one environment. `service`: which of the platform's services it is for. */
  verifier(environment: string, service?: string): Verifier;
  /** Joins the cluster and makes sure that there is a management key; the generated one is returned once. */
  start(): Promise<Secret | null>;
  /** From now on the node says that it is not ready, and sends verifiers elsewhere; all else goes on. */
  drain(): void;
  /** Drains, waits a while for leases lent to verifiers to end, and disconnects them. */
  leave(): Promise<void>;
  /** Gives the lease back, writes what is outstanding, closes connections. */
  stop(): Promise<void>;
  /** Known once the service listens; used in links. */
  setUrl(url: string): void;
}

/** The only place where things are wired together. */
export async function createApp(house: House): Promise<App> {
  const { config, clock, logger } = house;
  const opened = openDatabase({
    connection: house.node,
    roles: house.roles,
    onIdleError: (error) => logger.warn({ error }, "an idle database connection was lost"),
  });
  const { database, registry } = watchDatabase(opened, clock, tracingOf(house));
  const keyring = await openKeyringOf(database, house);
  const node = wireNode(house, database, keyring, registry);
  const notices = wireNotices(house, database, keyring, node);
  const wired = wireRoutes(house, database, keyring, node);
  const { routes, keysPorts, rotation, publicUrl, setUrl, drain, verifyKey, watchDrills } = wired;
  const stores = wireStores(house, database, keyring, node, rotation);
  const { access, verifiers } = node;
  const http = {
    access,
    routes: [...routes, ...stores.routes, ...notices.routes],
    sourceAddress: createSourceAddress(config.trustedProxies),
    ids: node.ids,
    logger,
    pages: pagesOf(house, publicUrl),
    watch: createWatch(clock, node.metrics.answered, tracingOf(house)),
  };
  const app = createHttpApp(http);
  const asProblem = (error: unknown, operation: string, id: string) => problemFor(http, error, operation, id);
  const stream: Stream = {
    ...{ path: STREAM_PATH, subprotocol: STREAM_PROTOCOL, scope: STREAM_SCOPE },
    open: () => verifiers.takesMore,
    accept: (request, socket, head, caller) => verifiers.accept(request, socket, head, caller),
  };
  const ownPorts = { ...node, verify: verifyKey, logger, verified: node.metrics.verified };
  let jobs: Repeating[] = [];
  return {
    fetch: (request, env) => app.fetch(request, env as Record<string, never>),
    hotPath: createHotPath(http),
    upgrade: createUpgrade({ ...http, stream, problemFor: asProblem }),
    database,
    verifier: (environment, service) => createOwnVerifier(ownPorts, { environment, service }),
    setUrl,
    drain: () => {
      drain();
      verifiers.drain();
    },
    leave: async () => void (await verifiers.stop()),
    start: async () => {
      await node.coherence.start();
      await node.limits.start();
      await node.senders.tell();
      const also = [...notices.jobs, ...stores.jobs].map((job) => every(job.everyMs, job.name, logger, job.work));
      jobs = [...startJobs(house, database, node, keysPorts, watchDrills), ...also];
      return ensureRoot(keysPorts, config.managementKey);
    },
    stop: async () => {
      node.oldStore?.stop();
      await Promise.all([notices.stop(), stores.stop()]);
      await Promise.all(jobs.map((job) => job.stop()));
      const keepRow = await verifiers.stop();
      await node.flushUses();
      await closeWriting(node);
      await node.limits.stop();
      await node.coherence.stop({ keepRow });
      await node.anchor.stop();
      await database.close();
    },
  };
}

const tracingOf = ({ telemetry }: House): Tracing | null => telemetry?.tracing ?? null;

type Node = ReturnType<typeof wireNode>;

/** What a node is: its lease and its memory of keys, and the door through which it acts. */
function wireNode(house: House, database: Database, keyring: LiveKeyring, also: Registry) {
  const { config, clock, random, logger } = house;
  const ids = createIds(clock, random);
  const memory = createKeyTable<Terms>({ capacity: config.cachedKeys, seed: randomWord(random) });
  const ownChanges = createOwnChanges();
  const nodeName = `${hostname()}:${process.pid}`;
  const anchor = createAnchorKeeper({ database, dataDir: config.dataDir, logger });
  const coherence = createCoherence({
    ...{ database, clock, random, logger, listenConnection: house.direct, termMs: config.leaseMs },
    name: nodeName,
    software: SOFTWARE_VERSION,
    onInvalidate: (subjects, seq) => {
      if (subjects.includes(KEYRING_SUBJECT)) keyring.markStale();
      source.invalidate(subjects);
      verifiers.noteInvalidated(subjects, seq);
    },
    onDropEverything: () => {
      keyring.markStale();
      source.dropEverything();
      verifiers.noteDropped();
    },
    lent: {
      confirmed: (applied, epoch) => verifiers.confirmed(applied, epoch),
      onApplied: (seq, epoch) => verifiers.onApplied(seq, epoch),
    },
  });
  const { redis, whenRedisUnavailable, leaseMs: termMs } = config;
  const limits = createNodeLimits({ database, clock, random, logger, termMs, redis, whenRedisUnavailable });
  const readings = () => ({
    ...coherence.state(),
    ...verifiers.readings(),
    limits: limits.readings(),
    memory,
    usage: { waitingBytes: usage.waitingBytes, lost: recording.logs.lost },
  });
  const ownProcess = house.mount === undefined;
  const telemetry = house.telemetry?.readings;
  const metrics = createMetrics(readings, {
    ...{ ownProcess, also, version: SOFTWARE_VERSION },
    ...(telemetry === undefined ? {} : { telemetry }),
  });
  const appendAudit = createAuditWriter({ current: () => keyring.current("audit") }, () => anchor.touch());
  const act: Act = tracedAct(tracingOf(house), {
    ...{ database, clock, ids, appendAudit, lockedSeq },
    logChange: ownChanges.logChange,
    committed: (seq) => coherence.committed(seq, ownChanges.take(seq)),
    barrier: (seq) => metrics.waited(coherence.barrier(seq)),
  });
  const importPorts = { keys: { act, ids, keyring, sha256 }, database, clock };
  const oldStore = createOldStore(importPorts, { ...house, timers: systemTimers, metrics: metrics.hook });
  const source = createKeySource({
    ...{ database, keyring, clock, memory, oldStore, lease: coherence, unmapped: config.unmappedRoutes },
  });
  const access: AccessPorts = { source, attempts: createFailedAttempts(clock, config.failedAttempts) };
  const { usage, senders, tellWritten } = openWriting({ database, clock, random, logger }, metrics.usage);
  const verifiers = new VerifierStream({
    ...{ database, keyring, source, coherence, clock, logger, nodeName, metrics: metrics.verifiers },
    ...{ usage, senders, keyPrefix: config.keyPrefix, unmapped: config.unmappedRoutes },
    ...{ oldForms: oldStore?.forms ?? [], termMs: config.leaseMs, maxStaleMs: config.staleIfUnreachableMs },
    authenticate: (secret, from) => authenticateManagement(access, secret, from),
    relay: (spender, body) => limits.lending.answer(spender, body),
  });
  const flushUses = createUseFlush({ database, source: memory, clock, logger });
  const recording = { ...recordUses(house, usage, source), usage, flushUses, senders, tellWritten };
  return {
    ...{ ids, memory, coherence, source, oldStore, access, verifiers, metrics, act, anchor, limits },
    ...recording,
  };
}

/** What this node itself verifies, on its way to the writer. */
function recordUses({ clock, random, logger }: House, writer: UsageWriter, source: KeySource) {
  const routes = () => source.peekCatalogue()?.routes;
  const logs = new ServiceLogs({ seed: randomWord(random), routes });
  return { logs, note: createNoteUse(logs, clock), handOver: createHandOver({ log: logs, writer, logger }) };
}

function wireNotices(house: House, database: Database, keyring: LiveKeyring, node: Node): Notices {
  const { config, resolve = resolveName } = house;
  const options = { ...outgoingBy(config), keptDays: config.noticeDays, resolve };
  return createNotices({ ...house, ...node, ...options, database, keyring, metrics: node.metrics.notices });
}

function wireStores(house: House, database: Database, keyring: LiveKeyring, node: Node, rotation: RotationPorts) {
  const { config, resolve = resolveName } = house;
  const options = { allowPrivate: config.allowPrivateTargets, commands: config.storeCommands, resolve };
  const ports = { ...house, ...node, ...options, database, keyring };
  const { giveUp, jobs, routes } = createSchedules({ ...ports, rotation });
  const stores = createStores({ ...ports, metrics: node.metrics.stores, giveUp });
  return { routes: [...stores.routes, ...routes], jobs: [...stores.jobs, ...jobs], stop: stores.stop };
}

/** What browsers are shown. */
function pagesOf({ mount, clock }: House, publicUrl: () => string): HttpPorts["pages"] {
  return {
    ...referenceRoutes(),
    ...linkPages(),
    ...(mount === undefined ? securityRoutes({ publicUrl, clock }) : {}),
  };
}

/** What makes keys, and what becomes of their secrets. Of drills nothing is kept. */
function wireKeys(house: House, database: Database, keyring: LiveKeyring, node: Node, publicUrl: () => string) {
  const { clock, random, config } = house;
  const { recovery: asked, revealsPerHour: perHour, keyPrefix } = config;
  const guesses = createFailedAttempts(clock, config.failedAttempts);
  const delivery = createDelivery({ ...node, random, keyring, database, clock, guesses, publicUrl });
  const kept = asked === null ? null : { classes: asked.classes, keks: createKeks(asked, clock, random) };
  const recovery = createRecovery({ ...node, database, clock, random, kept, perHour });
  const handingOver = { ...delivery.links, ...deliveriesOf({ ids: node.ids, random, keyring }) };
  const drilled: KeysPorts = { ...node, random, keyring, sha256, keyPrefix, ...handingOver };
  const secretRoutes = [...delivery.routes, ...recovery.routes];
  return { drilled, secretRoutes, keysPorts: { ...drilled, ...recovery.sealing } };
}

function wireRoutes(house: House, database: Database, keyring: LiveKeyring, node: Node) {
  const { config, clock, logger } = house;
  const { act, ids, source, coherence, metrics } = node;
  const { keysPorts, drilled, secretRoutes } = wireKeys(house, database, keyring, node, () => url);
  const verifyKey = createVerifyKey({ source, limiter: node.limits.limiter, verified: metrics.verified });
  let url = "";
  const setUrl = (listening: string): void => {
    url = `${config.publicUrl ?? listening}${house.mount?.basePath ?? ""}`;
  };
  setUrl("");
  const draining = new AbortController();
  const drain = (): void => draining.abort();
  const views: KeyViews = {
    show: (tx, key) => showKey(tx, key, clock.wall()),
    showOwn: (tx, key, version) => showOwn(tx, key, version, clock.wall()),
    lastUseOf: (tx, key) => lastUseOf(tx, key, new Date(clock.wall())),
  };
  const offboarding = { act, database, clock, ids, describe: describeKeys };
  const accounts = { act, ids, leaving: createLeaving(offboarding) };
  const rotation = { keys: keysPorts, policyOf: rotationPolicyOf, approverOf: emergencyApproverOf };
  const ask = createAskApproval(ids);
  const drillPorts = {
    ...{ rotation: { ...rotation, keys: drilled, approverOf: async () => null }, database, clock, logger },
    ...{ verify: verifyKey, everyDays: config.drillDays },
  };
  const routes = [
    ...inventoryRoutes(database, clock),
    ...keysRoutes(keysPorts, database, views, ask),
    ...approvalsRoutes({ keys: keysPorts, rotation, database, clock, views }),
    ...rotationRoutes({ ...rotation, database, clock, views, ask }),
    ...splitsRoutes({ keys: keysPorts, database, clock, views, ask }),
    ...secretRoutes,
    ...bulkActsRoutes({ act, database, clock, ids, select: selectKeyIds, describe: describeKeys }),
    ...accountsRoutes(accounts, database),
    ...scimRoutes({ ...accounts, database, publicUrl: () => url }),
    ...offboardingRoutes(offboarding),
    ...closingRoutes({ ...offboarding, logger, timers: systemTimers, showKeys }),
    ...catalogueRoutes(act, database, config.recovery?.classes),
    ...policiesRoutes({ act, ids, database, clock, ...policyPreviews(database, clock) }),
    ...verificationRoutes(noting(verifyKey, node.note), source, metrics.verified),
    ...usageRoutes({ database, clock, events: postgresEvents, eventDays: config.usageEventDays }),
    ...meteringRoutes({ act, database, clock, logger, timers: systemTimers, closeHours: config.meteringCloseHours }),
    ...auditRoutes(database, async (tx, reference) => (await findAccount(tx, reference))?.id ?? null),
    ...drillsRoutes(drillPorts),
    ...nodeRoutes(database, coherence),
    ...importRoutes({ keys: keysPorts, database, clock }),
    ...viewsRoutes(act),
    ...keyFormatRoutes(database, config.keyPrefix),
    ...systemRoutes({
      databaseReachable: () => isReachable(database, keyring),
      lease: () => {
        const { leaseMsLeft, lagSeq, epoch } = coherence.state();
        return { valid: coherence.leaseValid(), msLeft: Math.floor(leaseMsLeft), lag: lagSeq, epoch };
      },
      draining: () => draining.signal.aborted,
      metrics: metrics.render,
      // Where the address is not known, OpenAPI takes the one that its document came from.
      publicUrl: () => (url === "" ? "/" : url),
      version: SOFTWARE_VERSION,
    }),
  ];
  const watchDrills = createDrillWatch(drillPorts);
  return { routes, keysPorts, rotation, publicUrl: () => url, drain, setUrl, verifyKey, watchDrills };
}
