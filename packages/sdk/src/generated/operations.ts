// Written by `node scripts/sdk-client.ts` from the contract.
import type { ActOptions, Authorized, CallOptions, ConditionalOptions, Described, ProxiedRequest } from "../client/call.ts";
import type { Pages } from "../client/pages.ts";
import type { Body, Item, Lines, Query, Result } from "../client/shapes.ts";

export interface AccountsOperations {
  /** Create an account under your own id (ext:…), or replace what is known of it. `PUT /v1/accounts/{id}` */
  put(id: string, body: Body<"accounts.put">, options?: CallOptions): Promise<Result<"accounts.put">>;
  /** One account. `GET /v1/accounts/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"accounts.get">>;
  /** Accounts, newest first. `GET /v1/accounts` */
  list(query?: Query<"accounts.list">, options?: CallOptions): Pages<Item<"accounts.list">>;
  /** Change parts of an account. `PATCH /v1/accounts/{id}` */
  update(id: string, body: Body<"accounts.update">, options?: CallOptions): Promise<Result<"accounts.update">>;
  /** Refuse every key of an account until it is resumed. `POST /v1/accounts/{id}/suspend` */
  suspend(id: string, body: Body<"accounts.suspend">, options?: ActOptions): Promise<Result<"accounts.suspend">>;
  /** Let the keys of a suspended account work again. `POST /v1/accounts/{id}/resume` */
  resume(id: string, options?: ActOptions): Promise<Result<"accounts.resume">>;
  /** Is the account in use, which of its keys work, which fail and why. `GET /v1/accounts/{id}/usage` */
  inspect(id: string, query?: Query<"accounts.inspect">, options?: CallOptions): Promise<Result<"accounts.inspect">>;
  /** Close an account for good: its keys end, and what is known of its people is erased after a while. `POST /v1/accounts/{id}/close` */
  close(id: string, body: Body<"accounts.close">, options?: ActOptions): Promise<Result<"accounts.close">>;
  /** All that is known of an account, its people and its keys, as a stream of lines; no secret is among it. `POST /v1/accounts/{id}/export` */
  export(id: string, options?: ActOptions): Promise<Result<"accounts.export">>;
}

export interface MembersOperations {
  /** Create a member of an account, or replace what is known of them. `PUT /v1/accounts/{account}/members/{id}` */
  put(account: string, id: string, body: Body<"members.put">, options?: CallOptions): Promise<Result<"members.put">>;
  /** One member. `GET /v1/accounts/{account}/members/{id}` */
  get(account: string, id: string, options?: CallOptions): Promise<Result<"members.get">>;
  /** Members of an account, newest first. `GET /v1/accounts/{account}/members` */
  list(account: string, query?: Query<"members.list">, options?: CallOptions): Pages<Item<"members.list">>;
  /** Deactivate a member, and suspend, hand over, revoke or keep the keys that they own. `POST /v1/accounts/{account}/members/{id}/offboard` */
  offboard(account: string, id: string, body?: Body<"members.offboard">, options?: ActOptions): Promise<Result<"members.offboard">>;
  /** What was done to the keys of a member when they left. `GET /v1/accounts/{account}/members/{id}/offboarding` */
  offboarding(account: string, id: string, options?: CallOptions): Promise<Result<"members.offboarding">>;
}

export interface OffboardingOperations {
  /** Say what becomes of the keys of members who leave, in all accounts that say nothing else. `PUT /v1/offboarding` */
  put(body: Body<"offboarding.put">, options?: CallOptions): Promise<Result<"offboarding.put">>;
  /** What becomes of the keys of members who leave. `GET /v1/offboarding` */
  get(options?: CallOptions): Promise<Result<"offboarding.get">>;
  /** Say it for one account; null takes that away. `PUT /v1/accounts/{id}/offboarding` */
  putAccount(id: string, body: Body<"offboarding.put-account">, options?: CallOptions): Promise<Result<"offboarding.put-account">>;
  /** What becomes of the keys of members of one account who leave, and who said so. `GET /v1/accounts/{id}/offboarding` */
  getAccount(id: string, options?: CallOptions): Promise<Result<"offboarding.get-account">>;
}

export interface ScimCredentialsOperations {
  /** Bind a management key that holds claviger:scim:write alone to an account, for its identity provider. `PUT /v1/accounts/{id}/scim-credentials/{key}` */
  put(id: string, key: string, options?: CallOptions): Promise<Result<"scim-credentials.put">>;
  /** Take the binding away; the key may do nothing more. `DELETE /v1/accounts/{id}/scim-credentials/{key}` */
  delete(id: string, key: string, options?: CallOptions): Promise<Result<"scim-credentials.delete">>;
  /** Keys that provision members of an account, ten at most. `GET /v1/accounts/{id}/scim-credentials` */
  list(id: string, options?: CallOptions): Promise<Result<"scim-credentials.list">>;
}

export interface ServicesOperations {
  /** Create a calling application of an account, or replace what is known of it. `PUT /v1/accounts/{account}/services/{id}` */
  put(account: string, id: string, body: Body<"services.put">, options?: CallOptions): Promise<Result<"services.put">>;
  /** One service. `GET /v1/accounts/{account}/services/{id}` */
  get(account: string, id: string, options?: CallOptions): Promise<Result<"services.get">>;
  /** Services of an account, newest first. `GET /v1/accounts/{account}/services` */
  list(account: string, query?: Query<"services.list">, options?: CallOptions): Pages<Item<"services.list">>;
}

export interface ScopesOperations {
  /** Define a scope and the endpoints it opens. `PUT /v1/scopes/{name}` */
  put(name: string, body: Body<"scopes.put">, options?: CallOptions): Promise<Result<"scopes.put">>;
  /** One scope. `GET /v1/scopes/{name}` */
  get(name: string, options?: CallOptions): Promise<Result<"scopes.get">>;
  /** The catalogue of scopes, by name. `GET /v1/scopes` */
  list(query?: Query<"scopes.list">, options?: CallOptions): Pages<Item<"scopes.list">>;
}

export interface EnvironmentsOperations {
  /** Define an environment; its tag is part of every key made for it and never changes. `PUT /v1/environments/{name}` */
  put(name: string, body: Body<"environments.put">, options?: CallOptions): Promise<Result<"environments.put">>;
  /** One environment. `GET /v1/environments/{name}` */
  get(name: string, options?: CallOptions): Promise<Result<"environments.get">>;
  /** Environments, by name. `GET /v1/environments` */
  list(query?: Query<"environments.list">, options?: CallOptions): Pages<Item<"environments.list">>;
}

export interface PlansOperations {
  /** Define a plan: limits, how many active keys, and which scopes an account may grant. `PUT /v1/plans/{name}` */
  put(name: string, body: Body<"plans.put">, options?: CallOptions): Promise<Result<"plans.put">>;
  /** One plan. `GET /v1/plans/{name}` */
  get(name: string, options?: CallOptions): Promise<Result<"plans.get">>;
  /** Plans, by name. `GET /v1/plans` */
  list(query?: Query<"plans.list">, options?: CallOptions): Pages<Item<"plans.list">>;
}

export interface PoliciesOperations {
  /** Define a policy: how long keys live and what they must have. `PUT /v1/policies/{name}` */
  put(name: string, body: Body<"policies.put">, options?: CallOptions): Promise<Result<"policies.put">>;
  /** One policy. `GET /v1/policies/{name}` */
  get(name: string, options?: CallOptions): Promise<Result<"policies.get">>;
  /** Policies, by name. `GET /v1/policies` */
  list(query?: Query<"policies.list">, options?: CallOptions): Pages<Item<"policies.list">>;
  /** Say which policy holds for an account, and what is set for it alone. `PUT /v1/accounts/{id}/policy` */
  putAccount(id: string, body: Body<"policies.put-account">, options?: CallOptions): Promise<Result<"policies.put-account">>;
  /** The policy of an account, and what is set for it alone. `GET /v1/accounts/{id}/policy` */
  getAccount(id: string, options?: CallOptions): Promise<Result<"policies.get-account">>;
  /** Give an environment a policy, which only makes stricter what holds for its keys. `PUT /v1/environments/{name}/policy` */
  putEnvironment(name: string, body: Body<"policies.put-environment">, options?: CallOptions): Promise<Result<"policies.put-environment">>;
  /** The policy of an environment. `GET /v1/environments/{name}/policy` */
  getEnvironment(name: string, options?: CallOptions): Promise<Result<"policies.get-environment">>;
  /** Which keys a changed policy would end or find wrong, and when; changes nothing. `POST /v1/policies/preview` */
  preview(body: Body<"policies.preview">, options?: CallOptions): Promise<Result<"policies.preview">>;
  /** How far stricter policies have come to the keys there are, newest first. `GET /v1/policy-enforcements` */
  listEnforcements(query?: Query<"policies.list-enforcements">, options?: CallOptions): Pages<Item<"policies.list-enforcements">>;
}

export interface KeysOperations {
  /** Issue a key; its secret is in this answer and nowhere else, behind a one-time link, or in a secret store. `POST /v1/keys` */
  create(body: Body<"keys.create">, options?: ActOptions): Promise<Result<"keys.create">>;
  /** Keys of all accounts, newest first unless sorted. `GET /v1/keys` */
  list(query?: Query<"keys.list">, options?: CallOptions): Pages<Item<"keys.list">>;
  /** The key that is presented: who am I. `GET /v1/keys/self` */
  self(secret: string, options?: CallOptions): Promise<Result<"keys.self">>;
  /** End the key that is presented; whoever holds a secret can. `POST /v1/keys/self/revoke` */
  revokeSelf(secret: string, body?: Body<"keys.revoke-self">, options?: ActOptions): Promise<Result<"keys.revoke-self">>;
  /** One key. `GET /v1/keys/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"keys.get">>;
  /** Change what is known of a key and what it may do. `PATCH /v1/keys/{id}` */
  update(id: string, body: Body<"keys.update">, options?: ConditionalOptions): Promise<Result<"keys.update">>;
  /** End a key for good, everywhere, before this call returns. `POST /v1/keys/{id}/revoke` */
  revoke(id: string, body: Body<"keys.revoke">, options?: ConditionalOptions): Promise<Result<"keys.revoke">>;
  /** Refuse a key everywhere until it is resumed. `POST /v1/keys/{id}/suspend` */
  suspend(id: string, body: Body<"keys.suspend">, options?: ConditionalOptions): Promise<Result<"keys.suspend">>;
  /** Let a suspended key work again. `POST /v1/keys/{id}/resume` */
  resume(id: string, options?: ConditionalOptions): Promise<Result<"keys.resume">>;
  /** What policy holds for a key, and for each value which layer set it. `GET /v1/keys/{id}/policy` */
  policy(id: string, options?: CallOptions): Promise<Result<"keys.policy">>;
  /** Set a key's own policy, never less strict than what stands above it. `PUT /v1/keys/{id}/policy` */
  putPolicy(id: string, body: Body<"keys.put-policy">, options?: CallOptions): Promise<Result<"keys.put-policy">>;
  /** Who would break if the key ended, where, and whom to ask first. `GET /v1/keys/{id}/impact` */
  impact(id: string, query?: Query<"keys.impact">, options?: CallOptions): Promise<Result<"keys.impact">>;
  /** End many keys for good: of an account, member, service, tag or view, or by ids. `POST /v1/keys/revoke` */
  revokeMany(body: Body<"keys.revoke-many">, options?: ActOptions): Promise<Result<"keys.revoke-many">>;
  /** Refuse many keys everywhere until each is resumed. `POST /v1/keys/suspend` */
  suspendMany(body: Body<"keys.suspend-many">, options?: ActOptions): Promise<Result<"keys.suspend-many">>;
  /** Lay a lower limit over a key until a last date, everywhere, before this call returns. `POST /v1/keys/{id}/throttle` */
  throttle(id: string, body: Body<"keys.throttle">, options?: ConditionalOptions): Promise<Result<"keys.throttle">>;
  /** Take a throttle away before its last date. `POST /v1/keys/{id}/unthrottle` */
  unthrottle(id: string, options?: ConditionalOptions): Promise<Result<"keys.unthrottle">>;
  /** Issue the next version of the key that is presented, where policy allows it. `POST /v1/keys/self/rotate` */
  rotateSelf(secret: string, body?: Body<"keys.rotate-self">, options?: ActOptions): Promise<Result<"keys.rotate-self">>;
  /** Issue the next version of a key; the one before works on for a while, or ends at once. `POST /v1/keys/{id}/rotate` */
  rotate(id: string, body?: Body<"keys.rotate">, options?: ConditionalOptions): Promise<Result<"keys.rotate">>;
  /** Show the secret of a recoverable key again: on record with its reason, and told to those whose key it is. `POST /v1/keys/{id}/reveal` */
  reveal(id: string, body: Body<"keys.reveal">, options?: ActOptions): Promise<Result<"keys.reveal">>;
  /** Is the key in use, when did it last work, since when does it fail and why. `GET /v1/keys/{id}/usage` */
  inspect(id: string, query?: Query<"keys.inspect">, options?: CallOptions): Promise<Result<"keys.inspect">>;
  /** What a key was granted and does not use, and a narrower grant with its evidence. `GET /v1/keys/{id}/least-privilege` */
  suggest(id: string, query?: Query<"keys.suggest">, options?: CallOptions): Promise<Result<"keys.suggest">>;
}

export interface RotationOperations {
  /** How the rotation of a key stands, and what each of its versions is used for. `GET /v1/keys/{id}/rotation` */
  show(id: string, options?: CallOptions): Promise<Result<"rotation.show">>;
  /** Say that the integration uses the new version: the old one only waits for its end. `POST /v1/keys/{id}/rotation/confirm` */
  confirm(id: string, options?: ConditionalOptions): Promise<Result<"rotation.confirm">>;
  /** Say that a registered dependant uses the new version; nothing ends by it. `POST /v1/keys/{id}/rotation/acknowledge` */
  acknowledge(id: string, body: Body<"rotation.acknowledge">, options?: ConditionalOptions): Promise<Result<"rotation.acknowledge">>;
  /** Let the old version work for some hours more, up to its last date. `POST /v1/keys/{id}/rotation/extend` */
  extend(id: string, body: Body<"rotation.extend">, options?: ConditionalOptions): Promise<Result<"rotation.extend">>;
  /** End the new version everywhere; the old one is in force as before. `POST /v1/keys/{id}/rotation/cancel` */
  cancel(id: string, options?: ConditionalOptions): Promise<Result<"rotation.cancel">>;
  /** End the old version everywhere before this call returns. `POST /v1/keys/{id}/rotation/finish` */
  finish(id: string, options?: ConditionalOptions): Promise<Result<"rotation.finish">>;
}

export interface SchedulesOperations {
  /** Have a key rotated by itself, and its secrets delivered to a store or offered. `PUT /v1/keys/{id}/schedule` */
  put(id: string, body: Body<"schedules.put">, options?: CallOptions): Promise<Result<"schedules.put">>;
  /** Keys that are rotated by themselves. `GET /v1/schedules` */
  list(query?: Query<"schedules.list">, options?: CallOptions): Pages<Item<"schedules.list">>;
  /** By what schedule a key is rotated. `GET /v1/keys/{id}/schedule` */
  get(id: string, options?: CallOptions): Promise<Result<"schedules.get">>;
  /** Rotate a key by itself no more; a rotation that is under way goes on. `DELETE /v1/keys/{id}/schedule` */
  delete(id: string, options?: CallOptions): Promise<Result<"schedules.delete">>;
}

export interface SplitsOperations {
  /** Find out who uses a shared key, so that each is given one of its own. `POST /v1/keys/{id}/split` */
  start(id: string, body?: Body<"splits.start">, options?: ActOptions): Promise<Result<"splits.start">>;
  /** Splits, newest first. `GET /v1/splits` */
  list(query?: Query<"splits.list">, options?: CallOptions): Pages<Item<"splits.list">>;
  /** How far the split of a key is: its latest. `GET /v1/keys/{id}/split` */
  get(id: string, options?: CallOptions): Promise<Result<"splits.get">>;
  /** Revoke the shared key now; refused while somebody uses it or has not moved, unless `early`. `POST /v1/keys/{id}/split/finish` */
  finish(id: string, body?: Body<"splits.finish">, options?: ActOptions): Promise<Result<"splits.finish">>;
  /** Leave the shared key as it is; the keys that were issued go on. `POST /v1/keys/{id}/split/cancel` */
  cancel(id: string, options?: ActOptions): Promise<Result<"splits.cancel">>;
}

export interface SplitCallersOperations {
  /** Say who a caller is; takes over those that were found and are part of it, unless they have a key. `PUT /v1/keys/{id}/split/callers/{name}` */
  put(id: string, name: string, body: Body<"split-callers.put">, options?: CallOptions): Promise<Result<"split-callers.put">>;
  /** Forget a caller that has no key; it is found again where its requests are nobody else's. `DELETE /v1/keys/{id}/split/callers/{name}` */
  delete(id: string, name: string, options?: CallOptions): Promise<Result<"split-callers.delete">>;
  /** Issue a caller a key of its own, with less than the shared one and an owner. `POST /v1/keys/{id}/split/callers/{name}/key` */
  issue(id: string, name: string, body: Body<"split-callers.issue">, options?: ActOptions): Promise<Result<"split-callers.issue">>;
}

export interface LinksOperations {
  /** One-time links, newest first; never what they open. `GET /v1/links` */
  list(query?: Query<"links.list">, options?: CallOptions): Pages<Item<"links.list">>;
  /** One link, and what became of it. `GET /v1/links/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"links.get">>;
  /** End a link that nobody has opened; its secret is gone with it. `POST /v1/links/{id}/revoke` */
  revoke(id: string, options?: ActOptions): Promise<Result<"links.revoke">>;
  /** Open a link: its secret is in this answer and nowhere else, and the link is spent. `POST /v1/links/open` */
  open(body: Body<"links.open">, options?: ActOptions): Promise<Result<"links.open">>;
}

export interface StoresOperations {
  /** Name a secret store to which secrets can be delivered. `PUT /v1/stores/{id}` */
  put(id: string, body: Body<"stores.put">, options?: CallOptions): Promise<Result<"stores.put">>;
  /** One secret store, never what it is opened with. `GET /v1/stores/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"stores.get">>;
  /** Secret stores, by id. `GET /v1/stores` */
  list(query?: Query<"stores.list">, options?: CallOptions): Pages<Item<"stores.list">>;
  /** Write something that is no secret to `claviger-test` below the store's prefix, and read it back. `POST /v1/stores/{id}/test` */
  test(id: string, options?: ActOptions): Promise<Result<"stores.test">>;
  /** Forget a store to which nothing is on its way; what it holds stays there. `DELETE /v1/stores/{id}` */
  delete(id: string, options?: CallOptions): Promise<Result<"stores.delete">>;
}

export interface HandOversOperations {
  /** Secrets on their way to stores or waiting to be claimed, newest first; never the secrets. `GET /v1/hand-overs` */
  list(query?: Query<"hand-overs.list">, options?: CallOptions): Pages<Item<"hand-overs.list">>;
  /** One hand-over, and what came of each attempt. `GET /v1/hand-overs/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"hand-overs.get">>;
  /** Take a secret that is offered: it is in this answer and nowhere else, once. `POST /v1/hand-overs/{id}/claim` */
  claim(id: string, options?: ActOptions): Promise<Result<"hand-overs.claim">>;
}

export interface ImportsOperations {
  /** Import keys from elsewhere, which go on working as they are; or go on with an import of the same Idempotency-Key. `POST /v1/imports` */
  import(lines: Lines<"imports.import">, query?: Query<"imports.import">, options?: ActOptions): Promise<Result<"imports.import">>;
  /** Imports, newest first. `GET /v1/imports` */
  list(query?: Query<"imports.list">, options?: CallOptions): Pages<Item<"imports.list">>;
  /** How far an import is. `GET /v1/imports/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"imports.get">>;
  /** Lines of an import that are no keys now, and why. `GET /v1/imports/{id}/errors` */
  errors(id: string, query?: Query<"imports.errors">, options?: CallOptions): Pages<Item<"imports.errors">>;
}

export interface BulkActsOperations {
  /** How far an act on many keys has come. `GET /v1/bulk-acts/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"bulk-acts.get">>;
  /** What became of each key, in the order in which they are acted on. `GET /v1/bulk-acts/{id}/results` */
  results(id: string, query?: Query<"bulk-acts.results">, options?: CallOptions): Pages<Item<"bulk-acts.results">>;
  /** Go on with an act on many keys, and wait until it is in force. `POST /v1/bulk-acts/{id}/finish` */
  finish(id: string, body?: Body<"bulk-acts.finish">, options?: ActOptions): Promise<Result<"bulk-acts.finish">>;
}

export interface DrillsOperations {
  /** Drills that were held, newest first. `GET /v1/drills` */
  list(query?: Query<"drills.list">, options?: CallOptions): Pages<Item<"drills.list">>;
  /** When a drill passed last, and whether one is overdue. `GET /v1/drills/standing` */
  standing(options?: CallOptions): Promise<Result<"drills.standing">>;
  /** One drill, with what came of each step. `GET /v1/drills/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"drills.get">>;
  /** Hold a drill now: make a key, rotate it, revoke it, and look each time whether it is decided about as it must be. `POST /v1/drills` */
  start(body?: Body<"drills.start">, options?: ActOptions): Promise<Result<"drills.start">>;
}

export interface ApprovalsOperations {
  /** What waits for approval, and what was decided, newest first. `GET /v1/approvals` */
  list(query?: Query<"approvals.list">, options?: CallOptions): Pages<Item<"approvals.list">>;
  /** One request. `GET /v1/approvals/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"approvals.get">>;
  /** Approve a request: a change is made now, a new key once who asked claims it. `POST /v1/approvals/{id}/approve` */
  approve(id: string, body?: Body<"approvals.approve">, options?: ActOptions): Promise<Result<"approvals.approve">>;
  /** Deny a request, for good. `POST /v1/approvals/{id}/deny` */
  deny(id: string, body?: Body<"approvals.deny">, options?: ActOptions): Promise<Result<"approvals.deny">>;
  /** Take a request back, by the management key that asked. `POST /v1/approvals/{id}/cancel` */
  cancel(id: string, options?: ActOptions): Promise<Result<"approvals.cancel">>;
  /** Carry out what was approved: issue the key or its next version, to the management key that asked; the secret is in this answer and nowhere else. `POST /v1/approvals/{id}/claim` */
  claim(id: string, body?: Body<"approvals.claim">, options?: ActOptions): Promise<Result<"approvals.claim">>;
}

export interface ViewsOperations {
  /** Built-in views, then those you saved or others share, each with its number of rows. `GET /v1/views` */
  list(options?: CallOptions): Promise<Result<"views.list">>;
  /** Rows of a view, each with why it is there. `GET /v1/views/{name}` */
  show(name: string, query?: Query<"views.show">, options?: CallOptions): Pages<Item<"views.show">>;
  /** Keep a filter of keys as a view of yours; `shared` shows it to others. `PUT /v1/views/{name}` */
  save(name: string, body: Body<"views.save">, options?: CallOptions): Promise<Result<"views.save">>;
  /** Forget a view that you saved. `DELETE /v1/views/{name}` */
  delete(name: string, options?: CallOptions): Promise<Result<"views.delete">>;
}

export interface VerificationOperations {
  /** Decide on one presented key; a refusal is an answer, so the status is 200. `POST /v1/verify` */
  verify(body: Body<"verification.verify">, options?: CallOptions): Promise<Result<"verification.verify">>;
  /** Decide on up to 1 000 presented keys, in order. `POST /v1/verify/batch` */
  verifyBatch(body: Body<"verification.verify-batch">, options?: CallOptions): Promise<Result<"verification.verify-batch">>;
  /** Decide for a proxy (nginx auth_request, Traefik, Caddy, Envoy): 204 or the status to answer with. `GET /v1/authorize` */
  authorize(request: ProxiedRequest, query?: Query<"verification.authorize">, options?: CallOptions): Promise<Authorized>;
  /** Decide for a proxy (nginx auth_request, Traefik, Caddy, Envoy): 204 or the status to answer with. `POST /v1/authorize` */
  authorizePost(request: ProxiedRequest, query?: Query<"verification.authorize-post">, options?: CallOptions): Promise<Authorized>;
}

export interface OverviewOperations {
  /** The platform at a glance: keys, requests, refusals, what is busy, what fails, views. `GET /v1/overview` */
  show(query?: Query<"overview.show">, options?: CallOptions): Promise<Result<"overview.show">>;
}

export interface UsageOperations {
  /** Verifications by hour, day or month: exact counts. `GET /v1/usage` */
  summarize(query?: Query<"usage.summarize">, options?: CallOptions): Promise<Result<"usage.summarize">>;
  /** Single verifications, newest first. `GET /v1/usage/events` */
  list(query?: Query<"usage.list">, options?: CallOptions): Pages<Item<"usage.list">>;
  /** What presented no genuine key, by hour, network and reason, newest first. `GET /v1/usage/strangers` */
  strangers(query?: Query<"usage.strangers">, options?: CallOptions): Pages<Item<"usage.strangers">>;
}

export interface EndpointsOperations {
  /** What is called, by template, and which scope opens it. `GET /v1/endpoints` */
  list(query?: Query<"endpoints.list">, options?: CallOptions): Pages<Item<"endpoints.list">>;
  /** Routes of scopes that nobody calls. `GET /v1/endpoints/uncalled` */
  uncalled(query?: Query<"endpoints.uncalled">, options?: CallOptions): Pages<Item<"endpoints.uncalled">>;
  /** Which keys and accounts call an endpoint. `GET /v1/endpoints/callers` */
  inspect(query: Query<"endpoints.inspect">, options?: CallOptions): Promise<Result<"endpoints.inspect">>;
}

export interface MeteringOperations {
  /** What was metered in a month, for billing: by key, account or plan. `GET /v1/metering` */
  list(query?: Query<"metering.list">, options?: CallOptions): Pages<Item<"metering.list">>;
  /** Months that are metered, newest first: open or closed. `GET /v1/metering/periods` */
  periods(options?: CallOptions): Promise<Result<"metering.periods">>;
  /** All that was metered in a month, as CSV. `GET /v1/metering.csv` */
  export(query?: Query<"metering.export">, options?: CallOptions): Promise<Result<"metering.export">>;
}

export interface BudgetsOperations {
  /** Budgets of accounts and keys, and what was spent of them this month. `GET /v1/budgets` */
  list(query?: Query<"budgets.list">, options?: CallOptions): Pages<Item<"budgets.list">>;
  /** Set what an account or a key is meant to use in a month; passing 50, 80 and 100 % of it is recorded. `PUT /v1/budgets/{subject}/{measure}` */
  put(subject: string, measure: string, body: Body<"budgets.put">, options?: CallOptions): Promise<Result<"budgets.put">>;
  /** One budget, and what was spent of it this month. `GET /v1/budgets/{subject}/{measure}` */
  get(subject: string, measure: string, options?: CallOptions): Promise<Result<"budgets.get">>;
  /** Remove a budget, and what was recorded of passing it. `DELETE /v1/budgets/{subject}/{measure}` */
  delete(subject: string, measure: string, options?: CallOptions): Promise<Result<"budgets.delete">>;
}

export interface WebhooksOperations {
  /** Have events posted to an address; put again, a disabled one is active again. `PUT /v1/webhooks/{id}` */
  put(id: string, body: Body<"webhooks.put">, options?: CallOptions): Promise<Result<"webhooks.put">>;
  /** One webhook, never its secret. `GET /v1/webhooks/{id}` */
  get(id: string, options?: CallOptions): Promise<Result<"webhooks.get">>;
  /** Webhooks, by id. `GET /v1/webhooks` */
  list(query?: Query<"webhooks.list">, options?: CallOptions): Pages<Item<"webhooks.list">>;
  /** Make a new secret; for some hours both sign, so that the receiver may change over. `POST /v1/webhooks/{id}/rotate-secret` */
  rotateSecret(id: string, body: Body<"webhooks.rotate-secret">, options?: ActOptions): Promise<Result<"webhooks.rotate-secret">>;
  /** Send it a webhook.test event. `POST /v1/webhooks/{id}/test` */
  test(id: string, options?: ActOptions): Promise<Result<"webhooks.test">>;
  /** What was sent to a webhook, newest first, with every attempt. `GET /v1/webhooks/{id}/deliveries` */
  deliveries(id: string, query?: Query<"webhooks.deliveries">, options?: CallOptions): Pages<Item<"webhooks.deliveries">>;
  /** Send one delivery again, or all events of a span of time, delivered before or not. `POST /v1/webhooks/{id}/replay` */
  replay(id: string, body: Body<"webhooks.replay">, options?: ActOptions): Promise<Result<"webhooks.replay">>;
  /** Tell a webhook nothing more, and forget it and its deliveries. `DELETE /v1/webhooks/{id}` */
  delete(id: string, options?: CallOptions): Promise<Result<"webhooks.delete">>;
}

export interface NoticesOperations {
  /** What a member is told by mail. `GET /v1/accounts/{account}/members/{member}/notices` */
  get(account: string, member: string, options?: CallOptions): Promise<Result<"notices.get">>;
  /** Say what a member is told by mail; a kind that is left out stays as it is. `PUT /v1/accounts/{account}/members/{member}/notices` */
  put(account: string, member: string, body: Body<"notices.put">, options?: CallOptions): Promise<Result<"notices.put">>;
  /** Mails to members, newest first, with every attempt. `GET /v1/mails` */
  listMails(query?: Query<"notices.list-mails">, options?: CallOptions): Pages<Item<"notices.list-mails">>;
}

export interface EventTypesOperations {
  /** What webhooks can be told, with the schema of each. `GET /v1/event-types` */
  list(options?: CallOptions): Promise<Result<"event-types.list">>;
}

export interface AuditOperations {
  /** Audit events, newest first. `GET /v1/audit-events` */
  list(query?: Query<"audit.list">, options?: CallOptions): Pages<Item<"audit.list">>;
}

export interface NodesOperations {
  /** Nodes of the cluster, oldest first: who holds a lease, and how far each has followed the changes. `GET /v1/nodes` */
  list(options?: CallOptions): Promise<Result<"nodes.list">>;
}

export interface SystemOperations {
  /** How a key of this platform looks, so that anyone can recognise one offline. `GET /v1/key-format` */
  keyFormat(options?: CallOptions): Promise<Result<"system.key-format">>;
  /** The process lives. `GET /healthz` */
  health(options?: CallOptions): Promise<Result<"system.health">>;
  /** Database reachable, lease held and no stop under way: send this node requests. `GET /readyz` */
  readiness(options?: CallOptions): Promise<Result<"system.readiness">>;
  /** Prometheus metrics. `GET /metrics` */
  metrics(options?: CallOptions): Promise<Result<"system.metrics">>;
  /** This contract as OpenAPI 3.1. `GET /openapi.json` */
  openapi(options?: CallOptions): Promise<Result<"system.openapi">>;
}

/** Every operation of the contract, as `<noun>.<verb>`. */
export interface Operations {
  readonly accounts: AccountsOperations;
  readonly members: MembersOperations;
  readonly offboarding: OffboardingOperations;
  readonly scimCredentials: ScimCredentialsOperations;
  readonly services: ServicesOperations;
  readonly scopes: ScopesOperations;
  readonly environments: EnvironmentsOperations;
  readonly plans: PlansOperations;
  readonly policies: PoliciesOperations;
  readonly keys: KeysOperations;
  readonly rotation: RotationOperations;
  readonly schedules: SchedulesOperations;
  readonly splits: SplitsOperations;
  readonly splitCallers: SplitCallersOperations;
  readonly links: LinksOperations;
  readonly stores: StoresOperations;
  readonly handOvers: HandOversOperations;
  readonly imports: ImportsOperations;
  readonly bulkActs: BulkActsOperations;
  readonly drills: DrillsOperations;
  readonly approvals: ApprovalsOperations;
  readonly views: ViewsOperations;
  readonly verification: VerificationOperations;
  readonly overview: OverviewOperations;
  readonly usage: UsageOperations;
  readonly endpoints: EndpointsOperations;
  readonly metering: MeteringOperations;
  readonly budgets: BudgetsOperations;
  readonly webhooks: WebhooksOperations;
  readonly notices: NoticesOperations;
  readonly eventTypes: EventTypesOperations;
  readonly audit: AuditOperations;
  readonly nodes: NodesOperations;
  readonly system: SystemOperations;
}

export const OPERATIONS = {
  accounts: {
    put: {"id":"accounts.put","method":"PUT","path":"/v1/accounts/{id}","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"accounts.get","method":"GET","path":"/v1/accounts/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"accounts.list","method":"GET","path":"/v1/accounts","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    update: {"id":"accounts.update","method":"PATCH","path":"/v1/accounts/{id}","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    suspend: {"id":"accounts.suspend","method":"POST","path":"/v1/accounts/{id}/suspend","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    resume: {"id":"accounts.resume","method":"POST","path":"/v1/accounts/{id}/resume","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    inspect: {"id":"accounts.inspect","method":"GET","path":"/v1/accounts/{id}/usage","caller":"management","params":["id"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
    close: {"id":"accounts.close","method":"POST","path":"/v1/accounts/{id}/close","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    export: {"id":"accounts.export","method":"POST","path":"/v1/accounts/{id}/export","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"bytes"},
  },
  members: {
    put: {"id":"members.put","method":"PUT","path":"/v1/accounts/{account}/members/{id}","caller":"management","params":["account","id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"members.get","method":"GET","path":"/v1/accounts/{account}/members/{id}","caller":"management","params":["account","id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"members.list","method":"GET","path":"/v1/accounts/{account}/members","caller":"management","params":["account"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    offboard: {"id":"members.offboard","method":"POST","path":"/v1/accounts/{account}/members/{id}/offboard","caller":"management","params":["account","id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    offboarding: {"id":"members.offboarding","method":"GET","path":"/v1/accounts/{account}/members/{id}/offboarding","caller":"management","params":["account","id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  offboarding: {
    put: {"id":"offboarding.put","method":"PUT","path":"/v1/offboarding","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"offboarding.get","method":"GET","path":"/v1/offboarding","caller":"management","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    putAccount: {"id":"offboarding.put-account","method":"PUT","path":"/v1/accounts/{id}/offboarding","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    getAccount: {"id":"offboarding.get-account","method":"GET","path":"/v1/accounts/{id}/offboarding","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  scimCredentials: {
    put: {"id":"scim-credentials.put","method":"PUT","path":"/v1/accounts/{id}/scim-credentials/{key}","caller":"management","params":["id","key"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    delete: {"id":"scim-credentials.delete","method":"DELETE","path":"/v1/accounts/{id}/scim-credentials/{key}","caller":"management","params":["id","key"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"scim-credentials.list","method":"GET","path":"/v1/accounts/{id}/scim-credentials","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  services: {
    put: {"id":"services.put","method":"PUT","path":"/v1/accounts/{account}/services/{id}","caller":"management","params":["account","id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"services.get","method":"GET","path":"/v1/accounts/{account}/services/{id}","caller":"management","params":["account","id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"services.list","method":"GET","path":"/v1/accounts/{account}/services","caller":"management","params":["account"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  scopes: {
    put: {"id":"scopes.put","method":"PUT","path":"/v1/scopes/{name}","caller":"management","params":["name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"scopes.get","method":"GET","path":"/v1/scopes/{name}","caller":"management","params":["name"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"scopes.list","method":"GET","path":"/v1/scopes","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  environments: {
    put: {"id":"environments.put","method":"PUT","path":"/v1/environments/{name}","caller":"management","params":["name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"environments.get","method":"GET","path":"/v1/environments/{name}","caller":"management","params":["name"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"environments.list","method":"GET","path":"/v1/environments","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  plans: {
    put: {"id":"plans.put","method":"PUT","path":"/v1/plans/{name}","caller":"management","params":["name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"plans.get","method":"GET","path":"/v1/plans/{name}","caller":"management","params":["name"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"plans.list","method":"GET","path":"/v1/plans","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  policies: {
    put: {"id":"policies.put","method":"PUT","path":"/v1/policies/{name}","caller":"management","params":["name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"policies.get","method":"GET","path":"/v1/policies/{name}","caller":"management","params":["name"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"policies.list","method":"GET","path":"/v1/policies","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    putAccount: {"id":"policies.put-account","method":"PUT","path":"/v1/accounts/{id}/policy","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    getAccount: {"id":"policies.get-account","method":"GET","path":"/v1/accounts/{id}/policy","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    putEnvironment: {"id":"policies.put-environment","method":"PUT","path":"/v1/environments/{name}/policy","caller":"management","params":["name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    getEnvironment: {"id":"policies.get-environment","method":"GET","path":"/v1/environments/{name}/policy","caller":"management","params":["name"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    preview: {"id":"policies.preview","method":"POST","path":"/v1/policies/preview","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    listEnforcements: {"id":"policies.list-enforcements","method":"GET","path":"/v1/policy-enforcements","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  keys: {
    create: {"id":"keys.create","method":"POST","path":"/v1/keys","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    list: {"id":"keys.list","method":"GET","path":"/v1/keys","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    self: {"id":"keys.self","method":"GET","path":"/v1/keys/self","caller":"holder","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    revokeSelf: {"id":"keys.revoke-self","method":"POST","path":"/v1/keys/self/revoke","caller":"holder","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    get: {"id":"keys.get","method":"GET","path":"/v1/keys/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    update: {"id":"keys.update","method":"PATCH","path":"/v1/keys/{id}","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"takesIfMatch":true,"answers":"json"},
    revoke: {"id":"keys.revoke","method":"POST","path":"/v1/keys/{id}/revoke","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    suspend: {"id":"keys.suspend","method":"POST","path":"/v1/keys/{id}/suspend","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    resume: {"id":"keys.resume","method":"POST","path":"/v1/keys/{id}/resume","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    policy: {"id":"keys.policy","method":"GET","path":"/v1/keys/{id}/policy","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    putPolicy: {"id":"keys.put-policy","method":"PUT","path":"/v1/keys/{id}/policy","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    impact: {"id":"keys.impact","method":"GET","path":"/v1/keys/{id}/impact","caller":"management","params":["id"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
    revokeMany: {"id":"keys.revoke-many","method":"POST","path":"/v1/keys/revoke","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    suspendMany: {"id":"keys.suspend-many","method":"POST","path":"/v1/keys/suspend","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    throttle: {"id":"keys.throttle","method":"POST","path":"/v1/keys/{id}/throttle","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    unthrottle: {"id":"keys.unthrottle","method":"POST","path":"/v1/keys/{id}/unthrottle","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    rotateSelf: {"id":"keys.rotate-self","method":"POST","path":"/v1/keys/self/rotate","caller":"holder","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    rotate: {"id":"keys.rotate","method":"POST","path":"/v1/keys/{id}/rotate","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    reveal: {"id":"keys.reveal","method":"POST","path":"/v1/keys/{id}/reveal","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    inspect: {"id":"keys.inspect","method":"GET","path":"/v1/keys/{id}/usage","caller":"management","params":["id"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
    suggest: {"id":"keys.suggest","method":"GET","path":"/v1/keys/{id}/least-privilege","caller":"management","params":["id"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
  },
  rotation: {
    show: {"id":"rotation.show","method":"GET","path":"/v1/keys/{id}/rotation","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    confirm: {"id":"rotation.confirm","method":"POST","path":"/v1/keys/{id}/rotation/confirm","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    acknowledge: {"id":"rotation.acknowledge","method":"POST","path":"/v1/keys/{id}/rotation/acknowledge","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    extend: {"id":"rotation.extend","method":"POST","path":"/v1/keys/{id}/rotation/extend","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    cancel: {"id":"rotation.cancel","method":"POST","path":"/v1/keys/{id}/rotation/cancel","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
    finish: {"id":"rotation.finish","method":"POST","path":"/v1/keys/{id}/rotation/finish","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"takesIfMatch":true,"answers":"json"},
  },
  schedules: {
    put: {"id":"schedules.put","method":"PUT","path":"/v1/keys/{id}/schedule","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"schedules.list","method":"GET","path":"/v1/schedules","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    get: {"id":"schedules.get","method":"GET","path":"/v1/keys/{id}/schedule","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    delete: {"id":"schedules.delete","method":"DELETE","path":"/v1/keys/{id}/schedule","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  splits: {
    start: {"id":"splits.start","method":"POST","path":"/v1/keys/{id}/split","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    list: {"id":"splits.list","method":"GET","path":"/v1/splits","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    get: {"id":"splits.get","method":"GET","path":"/v1/keys/{id}/split","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    finish: {"id":"splits.finish","method":"POST","path":"/v1/keys/{id}/split/finish","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    cancel: {"id":"splits.cancel","method":"POST","path":"/v1/keys/{id}/split/cancel","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
  },
  splitCallers: {
    put: {"id":"split-callers.put","method":"PUT","path":"/v1/keys/{id}/split/callers/{name}","caller":"management","params":["id","name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    delete: {"id":"split-callers.delete","method":"DELETE","path":"/v1/keys/{id}/split/callers/{name}","caller":"management","params":["id","name"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    issue: {"id":"split-callers.issue","method":"POST","path":"/v1/keys/{id}/split/callers/{name}/key","caller":"management","params":["id","name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
  },
  links: {
    list: {"id":"links.list","method":"GET","path":"/v1/links","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    get: {"id":"links.get","method":"GET","path":"/v1/links/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    revoke: {"id":"links.revoke","method":"POST","path":"/v1/links/{id}/revoke","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    open: {"id":"links.open","method":"POST","path":"/v1/links/open","caller":"public","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
  },
  stores: {
    put: {"id":"stores.put","method":"PUT","path":"/v1/stores/{id}","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"stores.get","method":"GET","path":"/v1/stores/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"stores.list","method":"GET","path":"/v1/stores","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    test: {"id":"stores.test","method":"POST","path":"/v1/stores/{id}/test","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    delete: {"id":"stores.delete","method":"DELETE","path":"/v1/stores/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  handOvers: {
    list: {"id":"hand-overs.list","method":"GET","path":"/v1/hand-overs","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    get: {"id":"hand-overs.get","method":"GET","path":"/v1/hand-overs/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    claim: {"id":"hand-overs.claim","method":"POST","path":"/v1/hand-overs/{id}/claim","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
  },
  imports: {
    import: {"id":"imports.import","method":"POST","path":"/v1/imports","caller":"management","params":[],"takesBody":true,"takesLines":true,"takesQuery":true,"takesIdempotencyKey":true,"answers":"json"},
    list: {"id":"imports.list","method":"GET","path":"/v1/imports","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    get: {"id":"imports.get","method":"GET","path":"/v1/imports/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    errors: {"id":"imports.errors","method":"GET","path":"/v1/imports/{id}/errors","caller":"management","params":["id"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  bulkActs: {
    get: {"id":"bulk-acts.get","method":"GET","path":"/v1/bulk-acts/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    results: {"id":"bulk-acts.results","method":"GET","path":"/v1/bulk-acts/{id}/results","caller":"management","params":["id"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    finish: {"id":"bulk-acts.finish","method":"POST","path":"/v1/bulk-acts/{id}/finish","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
  },
  drills: {
    list: {"id":"drills.list","method":"GET","path":"/v1/drills","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    standing: {"id":"drills.standing","method":"GET","path":"/v1/drills/standing","caller":"management","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"drills.get","method":"GET","path":"/v1/drills/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    start: {"id":"drills.start","method":"POST","path":"/v1/drills","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
  },
  approvals: {
    list: {"id":"approvals.list","method":"GET","path":"/v1/approvals","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    get: {"id":"approvals.get","method":"GET","path":"/v1/approvals/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    approve: {"id":"approvals.approve","method":"POST","path":"/v1/approvals/{id}/approve","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    deny: {"id":"approvals.deny","method":"POST","path":"/v1/approvals/{id}/deny","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    cancel: {"id":"approvals.cancel","method":"POST","path":"/v1/approvals/{id}/cancel","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    claim: {"id":"approvals.claim","method":"POST","path":"/v1/approvals/{id}/claim","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
  },
  views: {
    list: {"id":"views.list","method":"GET","path":"/v1/views","caller":"management","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    show: {"id":"views.show","method":"GET","path":"/v1/views/{name}","caller":"management","params":["name"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    save: {"id":"views.save","method":"PUT","path":"/v1/views/{name}","caller":"management","params":["name"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    delete: {"id":"views.delete","method":"DELETE","path":"/v1/views/{name}","caller":"management","params":["name"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  verification: {
    verify: {"id":"verification.verify","method":"POST","path":"/v1/verify","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    verifyBatch: {"id":"verification.verify-batch","method":"POST","path":"/v1/verify/batch","caller":"management","params":[],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    authorize: {"id":"verification.authorize","method":"GET","path":"/v1/authorize","caller":"proxy","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
    authorizePost: {"id":"verification.authorize-post","method":"POST","path":"/v1/authorize","caller":"proxy","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
  },
  overview: {
    show: {"id":"overview.show","method":"GET","path":"/v1/overview","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
  },
  usage: {
    summarize: {"id":"usage.summarize","method":"GET","path":"/v1/usage","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"usage.list","method":"GET","path":"/v1/usage/events","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    strangers: {"id":"usage.strangers","method":"GET","path":"/v1/usage/strangers","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  endpoints: {
    list: {"id":"endpoints.list","method":"GET","path":"/v1/endpoints","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    uncalled: {"id":"endpoints.uncalled","method":"GET","path":"/v1/endpoints/uncalled","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    inspect: {"id":"endpoints.inspect","method":"GET","path":"/v1/endpoints/callers","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"json"},
  },
  metering: {
    list: {"id":"metering.list","method":"GET","path":"/v1/metering","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    periods: {"id":"metering.periods","method":"GET","path":"/v1/metering/periods","caller":"management","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    export: {"id":"metering.export","method":"GET","path":"/v1/metering.csv","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"text"},
  },
  budgets: {
    list: {"id":"budgets.list","method":"GET","path":"/v1/budgets","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    put: {"id":"budgets.put","method":"PUT","path":"/v1/budgets/{subject}/{measure}","caller":"management","params":["subject","measure"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"budgets.get","method":"GET","path":"/v1/budgets/{subject}/{measure}","caller":"management","params":["subject","measure"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    delete: {"id":"budgets.delete","method":"DELETE","path":"/v1/budgets/{subject}/{measure}","caller":"management","params":["subject","measure"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  webhooks: {
    put: {"id":"webhooks.put","method":"PUT","path":"/v1/webhooks/{id}","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    get: {"id":"webhooks.get","method":"GET","path":"/v1/webhooks/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    list: {"id":"webhooks.list","method":"GET","path":"/v1/webhooks","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    rotateSecret: {"id":"webhooks.rotate-secret","method":"POST","path":"/v1/webhooks/{id}/rotate-secret","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    test: {"id":"webhooks.test","method":"POST","path":"/v1/webhooks/{id}/test","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    deliveries: {"id":"webhooks.deliveries","method":"GET","path":"/v1/webhooks/{id}/deliveries","caller":"management","params":["id"],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
    replay: {"id":"webhooks.replay","method":"POST","path":"/v1/webhooks/{id}/replay","caller":"management","params":["id"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":true,"answers":"json"},
    delete: {"id":"webhooks.delete","method":"DELETE","path":"/v1/webhooks/{id}","caller":"management","params":["id"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  notices: {
    get: {"id":"notices.get","method":"GET","path":"/v1/accounts/{account}/members/{member}/notices","caller":"management","params":["account","member"],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    put: {"id":"notices.put","method":"PUT","path":"/v1/accounts/{account}/members/{member}/notices","caller":"management","params":["account","member"],"takesBody":true,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    listMails: {"id":"notices.list-mails","method":"GET","path":"/v1/mails","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  eventTypes: {
    list: {"id":"event-types.list","method":"GET","path":"/v1/event-types","caller":"management","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  audit: {
    list: {"id":"audit.list","method":"GET","path":"/v1/audit-events","caller":"management","params":[],"takesBody":false,"takesQuery":true,"takesIdempotencyKey":false,"answers":"pages"},
  },
  nodes: {
    list: {"id":"nodes.list","method":"GET","path":"/v1/nodes","caller":"management","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
  system: {
    keyFormat: {"id":"system.key-format","method":"GET","path":"/v1/key-format","caller":"public","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    health: {"id":"system.health","method":"GET","path":"/healthz","caller":"public","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    readiness: {"id":"system.readiness","method":"GET","path":"/readyz","caller":"public","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
    metrics: {"id":"system.metrics","method":"GET","path":"/metrics","caller":"public","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"text"},
    openapi: {"id":"system.openapi","method":"GET","path":"/openapi.json","caller":"public","params":[],"takesBody":false,"takesQuery":false,"takesIdempotencyKey":false,"answers":"json"},
  },
} as const satisfies Readonly<Record<keyof Operations, Readonly<Record<string, Described>>>>;
