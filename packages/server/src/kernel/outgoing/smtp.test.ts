/** Mails handed to a server: what it says is told by a number, what is one line stays one, TLS is not left out in silence. */
import { type MailSink, type MailSinkOptions, mailSink } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createSmtp, isMailFrom, parseSmtpUrl, type SmtpSettings } from "./index.ts";

const MAIL = {
  ...{ id: "mail_1", to: { name: "Ada <L.>, \r\nBcc: all@example.com", address: "ada@example.com" } },
  ...{ subject: "Zwölf Schlüssel\r\nBcc: all@example.com", text: "Grüße\n.\nend", html: "<p>Grüße</p>" },
};

async function postOf(options: MailSinkOptions = {}, change: Partial<SmtpSettings> = {}) {
  const sink: MailSink = await mailSink(options);
  const settings = { host: "127.0.0.1", port: sink.port, secure: false, mayBePlain: true, user: null, password: null };
  const sender = createSmtp({ ...settings, from: "Keys <keys@claviger.example>", ...change });
  onTestFinished(async () => {
    sender.close();
    await sink.close();
  });
  return { sink, sender };
}

test("text and HTML arrive whole, the id is the same at every attempt, and no name or subject adds a header", async () => {
  const { sink, sender } = await postOf();
  expect(await sender.send(MAIL)).toEqual({ kind: "taken" });
  expect(await sender.send(MAIL)).toEqual({ kind: "taken" });
  const [first, second] = sink.received;
  expect(first).toMatchObject({
    id: "<mail_1@claviger.example>",
    from: "Keys <keys@claviger.example>",
  });
  expect(first?.html.trimEnd()).toBe("<p>Grüße</p>");
  expect(first?.text.trimEnd().replaceAll("\r\n", "\n")).toBe("Grüße\n.\nend");
  expect(first?.subject).toContain("Zwölf Schlüssel");
  expect(second?.id).toBe(first?.id);
  expect(first?.raw).not.toMatch(/^bcc:/im);
  expect(first?.raw).toMatch(/^Auto-Submitted: auto-generated/m);
});

test("what the server says is told by its number, never quoted; a recipient that it refuses is refused, all else is tried again", async () => {
  const { sink, sender } = await postOf();
  sink.react(() => 451);
  expect(await sender.send(MAIL)).toEqual({ kind: "failed", status: 451, reason: "the server answered 451" });
  sink.react(() => 554);
  expect(await sender.send(MAIL)).toEqual({ kind: "refused", status: 554, reason: "the server refused it with 554" });
  sink.react(
    () => "take",
    () => 550,
  );
  expect(await sender.send(MAIL)).toEqual({ kind: "refused", status: 550, reason: "the server refused it with 550" });
  sink.react(
    () => "take",
    () => 450,
  );
  expect(await sender.send(MAIL)).toMatchObject({ kind: "failed", status: 450 });
  await sink.close();
  expect(await sender.send(MAIL)).toMatchObject({ kind: "failed", status: null });
});

test("with a login it logs in, and a wrong one is tried again and shows no password", async () => {
  const login = { user: "keys", password: "canary-of-a-password" };
  const { sink, sender } = await postOf({ login }, login);
  expect(await sender.send(MAIL)).toEqual({ kind: "taken" });
  expect(sink.received).toHaveLength(1);
  const { sender: wrong } = await postOf({ login }, { ...login, password: "canary-of-another" });
  const outcome = await wrong.send(MAIL);
  expect(outcome).toMatchObject({ kind: "failed", status: 535 });
  expect(JSON.stringify(outcome)).not.toContain("canary");
});

test("beyond loopback nothing is sent in plain text: without STARTTLS, or with a certificate that nobody signed, it fails", async () => {
  const { sink, sender } = await postOf({}, { mayBePlain: false });
  expect(await sender.send(MAIL)).toMatchObject({ kind: "failed" });
  const { sink: unsigned, sender: other } = await postOf({ tls: true }, { mayBePlain: false });
  expect(await other.send(MAIL)).toMatchObject({ kind: "failed" });
  expect([...sink.received, ...unsigned.received]).toEqual([]);
});

test.each([
  ["smtp://mail.example.com", { host: "mail.example.com", port: 587, secure: false, user: null, password: null }],
  ["smtps://u%40x:p%3A%2F@[::1]:2465/", { host: "::1", port: 2465, secure: true, user: "u@x", password: "p:/" }],
  ["https://mail.example.com", null],
  ["smtp://mail.example.com/inbox", null],
  ["smtp://mail.example.com?tls=no", null],
  ["smtp://u:%ff@mail.example.com", null],
  ["mail.example.com", null],
])("%s is understood or refused", (text, settings) => {
  expect(parseSmtpUrl(text)).toEqual(settings);
});

test.each([
  ["keys@example.com", true],
  ["Keys of us <keys@example.com>", true],
  ["Keys", false],
  ["keys@example.com, other@example.com", false],
  ["Keys <keys@example.com>\r\nBcc: x@example.com", false],
  ["Keys <keys@example.com> x", false],
])("%s may be who mails are from: %s", (text, may) => {
  expect(isMailFrom(text)).toBe(may);
});
