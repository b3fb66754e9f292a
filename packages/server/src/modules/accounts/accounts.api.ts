import { accountOperations, memberOperations, pick, serviceOperations } from "@claviger/contract";
import { type Database, PLATFORM } from "../../db/index.ts";
import type { Done } from "../../kernel/act.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import type { Account, Member, Service } from "./account.ts";
import type { AccountsPorts } from "./ports.ts";
import { type PutAccount, putAccount } from "./put-account.ts";
import { type PutMember, putMember } from "./put-member.ts";
import { type PutService, putService } from "./put-service.ts";
import { getAccount, getMember, getService, listAccounts, listMembers, listServices } from "./queries.ts";
import { resumeAccount } from "./resume-account.ts";
import { suspendAccount } from "./suspend-account.ts";
import { updateAccount } from "./update-account.ts";

export const showAccount = (account: Account) => ({
  id: account.id,
  externalId: account.externalId,
  name: account.name,
  plan: account.plan,
  metadata: account.metadata,
  status: account.closedAt === null ? account.status : "closed",
  suspendedReason: account.suspendedReason,
  closedAt: account.closedAt?.toISOString() ?? null,
  eraseAt: account.eraseAt?.toISOString() ?? null,
  erasedAt: account.erasedAt?.toISOString() ?? null,
  createdAt: account.createdAt.toISOString(),
  updatedAt: account.updatedAt.toISOString(),
});

export const showMember = (member: Member) => ({
  ...member,
  createdAt: member.createdAt.toISOString(),
  updatedAt: member.updatedAt.toISOString(),
});

export const showService = (service: Service) => ({
  ...service,
  createdAt: service.createdAt.toISOString(),
  updatedAt: service.updatedAt.toISOString(),
});

const renderAccount = async (account: Account) => ({ account: showAccount(account) });
const withEffective = (done: Done<unknown>): Answer => ({
  status: 200,
  body: { ...(done.body as object), effective: done.effective },
});
const putStatus = (done: Done<{ readonly created: boolean }>): number => (done.value?.created === true ? 201 : 200);

export function accountsRoutes(ports: AccountsPorts, database: Database): Route[] {
  return [...accountRoutes(ports, database), ...memberRoutes(ports, database), ...serviceRoutes(ports, database)];
}

function accountRoutes(ports: AccountsPorts, database: Database): Route[] {
  return [
    route(pick(accountOperations, "accounts.put"), async (call) => {
      const acting = actingOf<PutAccount>(call, async ({ account }) => ({ account: showAccount(account) }));
      const done = await putAccount(ports, acting, call.params.id, call.body);
      return { ...withEffective(done), status: putStatus(done) };
    }),
    route(pick(accountOperations, "accounts.get"), async (call) => ({
      status: 200,
      body: showAccount(await database.transaction(PLATFORM, (tx) => getAccount(tx, call.params.id))),
    })),
    route(pick(accountOperations, "accounts.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) => listAccounts(tx, call.query, call.query));
      return { status: 200, body: { data: page.data.map(showAccount), nextCursor: page.nextCursor } };
    }),
    route(pick(accountOperations, "accounts.update"), async (call) =>
      withEffective(await updateAccount(ports, actingOf(call, renderAccount), call.params.id, call.body)),
    ),
    route(pick(accountOperations, "accounts.suspend"), async (call) =>
      withEffective(await suspendAccount(ports, actingOf(call, renderAccount), call.params.id, call.body.reason)),
    ),
    route(pick(accountOperations, "accounts.resume"), async (call) =>
      withEffective(await resumeAccount(ports, actingOf(call, renderAccount), call.params.id)),
    ),
  ];
}

function memberRoutes(ports: AccountsPorts, database: Database): Route[] {
  return [
    route(pick(memberOperations, "members.put"), async (call) => {
      const acting = actingOf<PutMember>(call, async ({ member, left }) => ({
        ...{ member: showMember(member), offboarding: left },
      }));
      const done = await putMember(ports, acting, call.params.account, call.params.id, call.body);
      const bulkAct = done.value?.left?.bulkAct ?? null;
      if (bulkAct === null) return { ...withEffective(done), status: putStatus(done) };
      const effective = (await ports.leaving?.finish(acting, bulkAct)) ?? null;
      return { ...withEffective({ ...done, effective }), status: putStatus(done) };
    }),
    route(pick(memberOperations, "members.get"), async (call) => ({
      status: 200,
      body: showMember(
        await database.transaction(PLATFORM, (tx) => getMember(tx, call.params.account, call.params.id)),
      ),
    })),
    route(pick(memberOperations, "members.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) =>
        listMembers(tx, call.params.account, call.query.status, call.query),
      );
      return { status: 200, body: { data: page.data.map(showMember), nextCursor: page.nextCursor } };
    }),
  ];
}

function serviceRoutes(ports: AccountsPorts, database: Database): Route[] {
  return [
    route(pick(serviceOperations, "services.put"), async (call) => {
      const acting = actingOf<PutService>(call, async ({ service }) => showService(service));
      const done = await putService(ports, acting, call.params.account, call.params.id, call.body);
      return { status: putStatus(done), body: done.body };
    }),
    route(pick(serviceOperations, "services.get"), async (call) => ({
      status: 200,
      body: showService(
        await database.transaction(PLATFORM, (tx) => getService(tx, call.params.account, call.params.id)),
      ),
    })),
    route(pick(serviceOperations, "services.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) => listServices(tx, call.params.account, call.query));
      return { status: 200, body: { data: page.data.map(showService), nextCursor: page.nextCursor } };
    }),
  ];
}
