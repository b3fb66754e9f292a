/** Secrets behind one-time links (A5): once, for whom the sender chose, for as long as the sender chose, and never from the database alone. */
import {
  type Answer,
  type Api,
  issueKey,
  issueManagementKey,
  type ShiftedClock,
  shiftedClock,
  startApp,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type AuditEvent, client, openStageOn, type Page, type Problem, type Stage } from "../support/client.ts";
import { asPlatform } from "../support/filler.ts";
import { moveTo } from "../support/rotation-stage.ts";

type Link = Omit<NewLink, "url">;
type NewLink = {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  readonly failures: number;
  readonly openedFrom: string | null;
  readonly expiresAt: string;
  readonly url: string | null;
};
type Opened = { readonly secret: string; readonly key: string; readonly label: string };
type Made = { readonly key: { readonly id: string }; readonly secret: string | null; readonly link: NewLink };

let stage: Stage;
let clock: ShiftedClock;
beforeAll(async () => {
  clock = shiftedClock();
  stage = await openStageOn(await startApp({ house: { clock } }));
});
afterAll(() => stage.app.stop());

const tokenOf = ({ url }: NewLink): string => new URL(url ?? "").hash.slice(1);
const made = async (link: object, fields: object = {}, headers = {}): Promise<Made> => {
  const asked = { account: stage.account.id, environment: "live", label: "CRM", tier: "read", link, ...fields };
  return succeeded(await stage.root.post<Made>("/v1/keys", asked, headers)).body;
};
/** Anybody. */
const open = (body: object, peer = "192.0.2.1"): Promise<Answer<Opened & Problem>> =>
  client(stage.app.fetch, null, peer).post<Opened & Problem>("/v1/links/open", body);
const stateOf = async (id: string): Promise<Link> => succeeded(await stage.root.get<Link>(`/v1/links/${id}`)).body;
const auditOf = async (id: string): Promise<readonly AuditEvent[]> =>
  succeeded(await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}&limit=200`)).body.data.toReversed();
const sealedOf = (id: string): Promise<Uint8Array | null> =>
  asPlatform(stage.app.database, async (sql) => {
    const { rows } = await sql.query<{ sealed: Uint8Array | null }>("SELECT sealed FROM secret_link WHERE id = $1", [
      id,
    ]);
    return rows[0]?.sealed ?? null;
  });
const isValid = async (key: string): Promise<boolean> =>
  (await stage.root.post<{ valid: boolean }>("/v1/verify", { key, environment: "live" })).body.valid;

test("a new key's secret is behind the link and not in the answer; the link shows it once, and nothing is left of it", async () => {
  const { key, secret, link } = await made({ recipient: "Ops of Acme" });
  expect(secret).toBeNull();
  expect(link).toMatchObject({ key: key.id, state: "open", recipient: "Ops of Acme", passphrase: false });
  expect(link.url).toMatch(new RegExp(`^${stage.app.url}/links#[A-Za-z0-9_-]{43}$`));
  const opened = await open({ token: tokenOf(link) });
  expect(opened).toMatchObject({ status: 200, body: { key: key.id, version: 1, label: "CRM", environment: "live" } });
  expect(opened.headers.get("cache-control")).toBe("no-store");
  expect(await isValid(opened.body.secret)).toBe(true);
  const again = await open({ token: tokenOf(link) });
  expect(again).toMatchObject({ status: 410, body: { code: "LINK_ENDED", state: "opened" } });
  expect(await stateOf(link.id)).toMatchObject({ state: "opened", openedFrom: "192.0.2.1", failures: 1 });
  expect(await sealedOf(link.id)).toBeNull();
  expect((await auditOf(link.id)).map(({ action }) => action)).toEqual(["link.created", "link.opened", "link.failed"]);
  expect(JSON.stringify(await auditOf(link.id))).not.toContain(tokenOf(link));
});

test("of fifty clicks at once one is shown the secret", async () => {
  const { link } = await made({});
  const answers = await Promise.all(Array.from({ length: 50 }, () => open({ token: tokenOf(link) })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 410]));
  expect((await auditOf(link.id)).filter(({ action }) => action === "link.opened")).toHaveLength(1);
  // However many come too late, so many are recorded and no more.
  expect((await stateOf(link.id)).failures).toBe(5);
});

test("a rotation hands its new secret over the same way, while the old one works", async () => {
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  const { body } = succeeded(await stage.root.post<Made>(`/v1/keys/${id}/rotate`, { link: {} }));
  expect(body.secret).toBeNull();
  const opened = (await open({ token: tokenOf(body.link) })).body;
  expect(opened).toMatchObject({ key: id, version: 2 });
  expect([await isValid(secret), await isValid(opened.secret)]).toEqual([true, true]);
});

test("a repeated call is answered with the link and not with what opens it", async () => {
  const headers = { "idempotency-key": "once" };
  const first = await made({ passphrase: "correct horse" }, {}, headers);
  const second = await made({ passphrase: "correct horse" }, {}, headers);
  expect(second).toEqual({ ...first, secret: null, link: { ...first.link, url: null } });
});

describe("a link with a passphrase", () => {
  const passphrase = "Zürich, korrekt";

  test("asks for it, which is no attempt; opens with it however it is composed; and the row alone tells nothing of it", async () => {
    const { link } = await made({ passphrase });
    expect(await open({ token: tokenOf(link) })).toMatchObject({ status: 403, body: { code: "PASSPHRASE_NEEDED" } });
    expect((await stateOf(link.id)).failures).toBe(0);
    const decomposed = passphrase.normalize("NFD");
    expect(decomposed).not.toBe(passphrase);
    expect(await open({ token: tokenOf(link), passphrase: decomposed })).toMatchObject({ status: 200 });
  });

  test("ends after five wrong ones, also where they come at once with the right one behind them", async () => {
    const { link } = await made({ passphrase });
    const guesses = Array.from({ length: 5 }, (_, index) => `a wrong one ${index}`);
    for (const guess of guesses) {
      const answer = await open({ token: tokenOf(link), passphrase: guess });
      expect(answer).toMatchObject({ status: 403, body: { code: "PASSPHRASE_NEEDED" } });
      expect(answer.text).not.toContain(guess);
    }
    const late = await open({ token: tokenOf(link), passphrase });
    expect(late).toMatchObject({ status: 410, body: { code: "LINK_ENDED", state: "locked" } });
    expect(await sealedOf(link.id)).toBeNull();
    const audit = await auditOf(link.id);
    expect(audit.map(({ action }) => action)).toEqual([
      "link.created",
      ...guesses.map(() => "link.failed"),
      "link.locked",
    ]);
    expect(JSON.stringify(audit)).not.toContain("wrong one");
  });
});

test("a link that is bound to a network opens from there alone", async () => {
  const { link } = await made({ allowedIps: ["198.51.100.0/24", "2001:db8::/48"] });
  expect(await open({ token: tokenOf(link) }, "192.0.2.1")).toMatchObject({
    status: 403,
    body: { code: "IP_NOT_ALLOWED" },
  });
  expect(await stateOf(link.id)).toMatchObject({ state: "open", failures: 1 });
  expect(await open({ token: tokenOf(link) }, "2001:db8::7")).toMatchObject({ status: 200 });
});

test("a link that is withdrawn opens nothing, and withdrawing is repeatable; one that was opened cannot be withdrawn", async () => {
  const { link } = await made({});
  const revoke = (id: string) => stage.root.post<Link>(`/v1/links/${id}/revoke`);
  for (let twice = 0; twice < 2; twice += 1) expect(await revoke(link.id)).toMatchObject({ status: 200 });
  expect(await open({ token: tokenOf(link) })).toMatchObject({ status: 410, body: { state: "revoked" } });
  expect(await sealedOf(link.id)).toBeNull();
  const other = (await made({})).link;
  await open({ token: tokenOf(other) });
  expect(await revoke(other.id)).toMatchObject({ status: 409 });
});

test("a link to what has ended shows nothing: its key revoked, or its version", async () => {
  const { key, link } = await made({});
  succeeded(await stage.root.post(`/v1/keys/${key.id}/revoke`, { reason: "leaked" }));
  expect(await open({ token: tokenOf(link) })).toMatchObject({ status: 410, body: { state: "void" } });
  const { id } = await issueKey(stage.root, stage.account.id);
  const { body } = succeeded(await stage.root.post<Made>(`/v1/keys/${id}/rotate`, { link: {} }));
  succeeded(await stage.root.post(`/v1/keys/${id}/rotation/cancel`));
  expect(await open({ token: tokenOf(body.link) })).toMatchObject({ status: 410, body: { state: "void" } });
  expect(await sealedOf(body.link.id)).toBeNull();
});

test("time ends a link by itself; later that is written down, and its secret is gone", async () => {
  const { link } = await made({ expiresInMinutes: 5 });
  for (const expiresInMinutes of [4, 10_081]) await expect(made({ expiresInMinutes })).rejects.toThrow();
  const start = Date.now();
  await moveTo({ ...stage, clock }, Date.parse(link.expiresAt));
  expect(await open({ token: tokenOf(link) })).toMatchObject({ status: 410, body: { state: "expired" } });
  expect((await stateOf(link.id)).state).toBe("expired");
  await waitFor(async () => (await sealedOf(link.id)) === null, {
    timeoutMs: 90_000,
    what: "links that are over to end",
  });
  expect((await auditOf(link.id)).map(({ action }) => action)).toContain("link.expired");
  await moveTo({ ...stage, clock }, start);
}, 120_000);

test("what no link has is not found, and a source that tries many is told to wait", async () => {
  const app = await startApp({ env: { CLAVIGER_FAILED_ATTEMPTS: "3" } });
  onTestFinished(() => app.stop());
  const guess = (letter: string, peer: string) =>
    client(app.fetch, null, peer).post<Problem>("/v1/links/open", { token: letter.repeat(42) + "A" });
  for (const letter of "abc") expect(await guess(letter, "192.0.2.9")).toMatchObject({ status: 404 });
  const late = await guess("d", "192.0.2.9");
  expect(late).toMatchObject({ status: 429, body: { code: "TOO_MANY_ATTEMPTS" } });
  expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await guess("e", "192.0.2.10")).toMatchObject({ status: 404 });
});

test("links of management keys are shown to those alone who may manage such keys", async () => {
  const asked = { account: "platform", label: "Ops", scopes: ["claviger:keys:read"], rationale: "a test", link: {} };
  const { link } = succeeded(await stage.root.post<Made>("/v1/keys", asked)).body;
  const reader = await issueManagementKey(stage.root, ["claviger:keys:read", "claviger:keys:write"]);
  const api: Api = client(stage.app.url, reader.secret);
  expect((await api.get(`/v1/links/${link.id}`)).status).toBe(404);
  expect((await api.post(`/v1/links/${link.id}/revoke`)).status).toBe(404);
  expect((await api.get<Page<Link>>("/v1/links?account=platform")).body.data).toEqual([]);
  expect((await stage.root.get<Page<Link>>("/v1/links?account=platform")).body.data).toMatchObject([{ id: link.id }]);
});

test("a link is not opened by whoever has its row of another one, nor its secret moved to another row", async () => {
  const [first, second] = [await made({}), await made({})];
  await asPlatform(stage.app.database, (sql) =>
    sql.query("UPDATE secret_link SET sealed = (SELECT sealed FROM secret_link WHERE id = $1) WHERE id = $2", [
      first.link.id,
      second.link.id,
    ]),
  );
  const answer = await open({ token: tokenOf(second.link) });
  expect(answer.status).toBe(500);
  expect(await stateOf(second.link.id)).toMatchObject({ state: "open" });
  expect(await open({ token: tokenOf(first.link) })).toMatchObject({ status: 200 });
});

describe("the page behind links", () => {
  test("opens nothing for whoever fetches it, is the same for all links, and lets the browser do what it needs and no more", async () => {
    const { link } = await made({});
    const pages: string[] = [];
    for (const [method, agent] of [
      ["GET", "Mozilla/5.0"],
      ["HEAD", "LinkScanner/1.0"],
      ["GET", "LinkScanner/1.0"],
    ]) {
      const headers = { "user-agent": agent ?? "" };
      const response = await fetch(link.url ?? "", { method: method ?? "GET", headers });
      expect(response.status).toBe(200);
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; /);
      expect(policy).toContain("form-action 'none'; frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(response.headers.get("cache-control")).toBe("no-store");
      if (method === "GET") pages.push(await response.text());
    }
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).not.toContain(tokenOf(link));
    expect(await stateOf(link.id)).toMatchObject({ state: "open", failures: 0 });
  });
});
