/** Mails over the API and the command line (I2, D3): real keys, a real server of mails, and what people do not want to be told. */
import {
  type Api,
  issueKey,
  type MadeAccount,
  type MailSink,
  mailSink,
  makeAccount,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AuditEvent, openStage, type Page, type Stage } from "../support/client.ts";
import { startCommand } from "../support/command.ts";
import { asPlatform } from "../support/filler.ts";

const DAY = 86_400_000;
const LOGIN = { user: "keys", password: "canary-of-the-password" };

interface Mail {
  readonly member: string;
  readonly state: string;
  readonly attempts: readonly { readonly error: string | null }[];
}

let stage: Stage;
let root: Api;
let sink: MailSink;
beforeAll(async () => {
  sink = await mailSink({ login: LOGIN });
  stage = await openStage({
    CLAVIGER_SMTP_URL: `smtp://${LOGIN.user}:${LOGIN.password}@127.0.0.1:${sink.port}`,
    CLAVIGER_MAIL_FROM: "Keys of Example <keys@example.com>",
    CLAVIGER_MAIL_GATHER_SECONDS: "0",
  });
  root = stage.root;
});
afterAll(async () => {
  await stage.app.stop();
  await sink.close();
});

async function addMember(account: MadeAccount, name: string, role: string): Promise<string> {
  const person = { email: `${name}@example.com`, name, role };
  const path = `/v1/accounts/${account.id}/members/ext:${name}`;
  return succeeded(await root.put<{ member: { id: string } }>(path, person)).body.member.id;
}

const mailsTo = (name: string) => sink.received.filter(({ to }) => to.includes(`${name}@example.com`));
const mailsOf = async (account: MadeAccount) =>
  succeeded(await root.get<Page<Mail>>(`/v1/mails?account=${account.id}`)).body.data;

test("the owner is told that a key was revoked, and that one will end; nobody else, and nothing secret", async () => {
  const account = await makeAccount(root);
  const [ada, ben] = [await addMember(account, "ada", "developer"), await addMember(account, "ben", "admin")];
  const revoked = await issueKey(root, account.id, { owner: ada, label: "the old one" });
  const ending = await issueKey(root, account.id, { owner: ada, label: "the one that ends" });
  succeeded(await root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "unused" }));
  await waitFor(() => mailsTo("ada").length === 1, { timeoutMs: 15_000 });
  expect(mailsTo("ada")[0]).toMatchObject({ from: "Keys of Example <keys@example.com>", secure: false });
  expect(mailsTo("ada")[0]?.text).toContain(`The key ${revoked.id} was revoked for good: unused.`);
  // As if it had been made long ago, and nobody had looked since yesterday.
  await asPlatform(stage.app.database, async (client) => {
    await client.query("BEGIN");
    await client.query("SELECT set_config('claviger.change_seq', '0', true)");
    const [issued, ends] = [new Date(Date.now() - 80 * DAY), new Date(Date.now() + 5 * DAY)];
    await client.query("UPDATE api_key SET created_at = $2, expires_at = $3 WHERE id = $1", [ending.id, issued, ends]);
    await client.query("UPDATE key_version SET created_at = $2 WHERE key_id = $1", [ending.id, issued]);
    await client.query("COMMIT");
    await client.query("UPDATE expiry_walk SET began_at = began_at - interval '1 day'");
  });
  await waitFor(() => mailsTo("ada").length === 2 && mailsTo("ben").length === 1, { timeoutMs: 20_000 });
  for (const [name] of [["ada"], ["ben"]] as const)
    expect(mailsTo(name).at(-1)).toMatchObject({
      subject: expect.stringMatching(/^The key the one that ends of .+ ends in 5 days$/),
    });
  for (const { raw, text, html } of sink.received)
    for (const secret of [revoked.secret, ending.secret, LOGIN.password, stage.app.managementKey])
      expect(raw + text + html).not.toContain(secret);
  await waitFor(async () => (await mailsOf(account)).every(({ state }) => state === "sent"));
  const { owner, admin } = account.members;
  const told = [ada, ada, ben, owner, admin].toSorted();
  expect((await mailsOf(account)).map(({ member }) => member).toSorted()).toEqual(told);
});

test("who does not want to be told of a kind is not; that is recorded, and asked for by others in vain", async () => {
  const [account, other] = [await makeAccount(root), await makeAccount(root)];
  const [carl, dora] = [await addMember(account, "carl", "developer"), await addMember(account, "dora", "developer")];
  const path = `/v1/accounts/${account.id}/members/${carl}/notices`;
  const all = { expiry: true, ended: true, rotation: true, reveal: true, approval: true, budget: true };
  expect(await root.get(path)).toMatchObject({ status: 200, body: { member: carl, ...all } });
  expect(await root.put(path, { ended: false })).toMatchObject({ status: 200, body: { ...all, ended: false } });
  expect(await root.put(path, { rotation: true })).toMatchObject({ status: 200, body: { ...all, ended: false } });
  expect(await root.put(path, { everything: false })).toMatchObject({ status: 400 });
  expect(await root.get(`/v1/accounts/${other.id}/members/${carl}/notices`)).toMatchObject({ status: 404 });
  const { body } = await root.get<Page<AuditEvent>>("/v1/audit-events?action=member-notices.updated");
  expect(body.data.at(-1)).toMatchObject({
    ...{ account: account.id, target: { type: "member", id: carl }, before: { ended: true }, after: { ended: false } },
  });
  for (const owner of [carl, dora]) {
    const { id } = await issueKey(root, account.id, { owner });
    succeeded(await root.post(`/v1/keys/${id}/suspend`, { reason: "a question" }));
  }
  await waitFor(() => mailsTo("dora").length === 1, { timeoutMs: 15_000 });
  await waitFor(async () => (await mailsOf(account)).every(({ state }) => state === "sent"));
  expect((await mailsOf(account)).map(({ member }) => member)).toEqual([dora]);
});

test("members who depend on a key are told that it has a new version, by id or address; nobody outside the account", async () => {
  const [account, other] = [await makeAccount(root), await makeAccount(root)];
  const [fred] = [await addMember(account, "fred", "developer"), await addMember(account, "gina", "viewer")];
  const [hugo] = [await addMember(other, "hugo", "developer"), await addMember(account, "ida", "developer")];
  const contacts = [fred, "GINA@example.com", hugo, "hugo@example.com", "outsider@example.com"];
  const dependants = [...contacts.map((contact, index) => ({ name: `Dependant ${index}`, contact })), "CRM"];
  const { id } = await issueKey(root, account.id, { dependants, owner: "ext:ida" });
  succeeded(await root.post(`/v1/keys/${id}/rotate`, {}));
  await waitFor(async () => (await mailsOf(account)).length === 3, { timeoutMs: 15_000 });
  await waitFor(async () => (await mailsOf(account)).every(({ state }) => state === "sent"));
  for (const name of ["fred", "gina", "ida"]) expect(mailsTo(name)).toHaveLength(1);
  expect(mailsTo("gina")[0]?.text).toContain(`The key ${id} has a new version, 2`);
  for (const name of ["hugo", "outsider"]) expect(mailsTo(name)).toEqual([]);
  const told = (await mailsOf(account)).map(({ member }) => member);
  for (const member of [account.members.owner, account.members.admin]) expect(told).not.toContain(member);
});

test("what people are told is handled from the command line", async () => {
  const account = await makeAccount(root);
  const emil = await addMember(account, "emil", "admin");
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const run = async (...args: string[]) => {
    const finished = await startCommand(["notices", ...args, "--json"], env).finished;
    expect(finished).toMatchObject({ code: 0 });
    return JSON.parse(finished.stdout) as unknown;
  };
  expect(await run("put", account.id, "ext:emil", "--no-rotation")).toMatchObject({
    member: emil,
    rotation: false,
  });
  expect(await run("get", account.id, "ext:emil")).toMatchObject({ expiry: true, rotation: false });
  expect(JSON.stringify(await run("list-mails", "--account", account.id))).not.toContain("mail_");
});
