/** What tests of every package share: a PostgreSQL, nodes, clocks, randomness that can be repeated, waiting without sleeping. */

export { fullestWindow, type Spent } from "../../server/src/modules/limits/testing.ts";
export {
  floodWith,
  type TestWriter,
  testBatch,
  testCell,
  testWriter,
} from "../../server/src/modules/traffic/testing.ts";
export { type Answer, type Api, type Asking, api, type Json } from "./api.ts";
export { testCertificate } from "./certificate.ts";
export { type FakeClock, fakeClock, type ShiftedClock, shiftedClock } from "./clock.ts";
export { type TestDatabase, testDatabase } from "./database.ts";
export {
  issueKey,
  issueManagementKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  makeScopes,
  ROLES,
  succeeded,
  uniqueSuffix,
} from "./factories.ts";
export { driftingClock, type FaultyClock, jumpingClock } from "./faulty-clock.ts";
export { useExactnessStage } from "./limits/exactness-stage.ts";
export { LentFaults, lendingOf } from "./limits/lent-limits.ts";
export { answering, ClusterFaults, RedisFaults, sharesInRedis, testRedisClient } from "./limits/redis-shares.ts";
export { NO_FAULTS, simulateLimits } from "./limits/simulate-limits.ts";
export { spendAndCrash } from "./limits/spend-and-crash.ts";
export { silentLogger } from "./logger.ts";
export { type MeteredRow, type MeteringStage, openMeteringStage } from "./metering/metering-stage.ts";
export { type BoundsChanges, boundsOf } from "./model-checker/bounds.ts";
export { checkModel } from "./model-checker/check-model.ts";
export { compareBehaviour } from "./model-checker/compare-behaviour.ts";
export { type TestNode, type TestNodeOptions, testNode } from "./node.ts";
export { type Fill, fillExpiring, filledPeople } from "./notices/fill-expiring.ts";
export { type MailSink, type MailSinkOptions, mailSink, type ReceivedMail } from "./notices/mail-sink.ts";
export { type NoticeStage, openNoticeStage } from "./notices/notice-stage.ts";
export { type Reaction, type Received, type WebhookReceiver, webhookReceiver } from "./notices/webhook-receiver.ts";
export { type Altered, alteredNode, type OtherNode, otherNode } from "./other-node.ts";
export { openPlatform, type Platform } from "./platform.ts";
export {
  type NodeProcess,
  nodeProcess,
  shiftedNodeProcess,
  type VerifierProcess,
  verifierCrew,
  verifierProcess,
} from "./processes.ts";
export { type FaultyProxy, proxyTo } from "./proxy.ts";
export { type SeededRandom, seededRandom } from "./random.ts";
export { askForStream, type RawVerifier, type RawVerifierOptions, rawVerifier } from "./raw-verifier.ts";
export { type RedisCluster, type RedisServer, redisCluster, redisServer } from "./redis.ts";
export { type ReplicatedPostgres, replicatedPostgres } from "./replicated.ts";
export {
  externalSettings,
  MASTER_KEY,
  type Service,
  type ServiceOptions,
  startApp,
  startService,
  type TestApp,
  urlOf,
} from "./service.ts";
export { DIRECTED_MUTANTS } from "./simulator/directed.ts";
export { COUNTED, type Counts, noCounts } from "./simulator/history.ts";
export { EDGE_MUTANTS, type Mutant, PROTOCOL_MUTANTS } from "./simulator/mutants.ts";
export { RULES } from "./simulator/rules.ts";
export type { Scene } from "./simulator/scene.ts";
export { type Report, simulate } from "./simulator/simulate.ts";
export { AWS_ACCESS_KEY, type SecretsManagerServer, secretsManagerServer } from "./stores/secrets-manager-server.ts";
export { type StoreReaction, type VaultServer, vaultServer } from "./stores/vault-server.ts";
export { tamper } from "./tamper.ts";
export { asOwnerOf, type FilledPlatform, fillPlatform } from "./views/fill-platform.ts";
export { DAY_MS, type Life, NOW, ORDINARY, openViewStage, type Told, type ViewStage } from "./views/view-stage.ts";
export { lackedForPowerLoss, type VolatileDisk, volatileDisk } from "./volatile-disk.ts";
export { type WaitOptions, waitFor } from "./wait.ts";
