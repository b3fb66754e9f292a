import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** One mail as it came. */
export interface ReceivedMail {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** As it was sent, headers and all. */
  readonly raw: string;
  readonly secure: boolean;
}

/** What a server does with one mail: takes it, refuses it with a status, or never answers. */
export type MailReaction = "take" | "hang" | number;

/** A server of mails, on loopback. */
export interface MailSink {
  readonly port: number;
  /** In the order in which they came, those included that were not taken. */
  readonly received: readonly ReceivedMail[];
  /** From now on it does this. `recipient`: asked before the content comes. Default: it takes all. */
  react(decide: (mail: ReceivedMail) => MailReaction, recipient?: (address: string) => number | null): void;
  close(): Promise<void>;
}

export interface MailSinkOptions {
  /** Whether it offers STARTTLS, with a certificate that nobody signed. Default false. */
  readonly tls?: boolean;
  /** Who may send. Default: anybody. */
  readonly login?: { readonly user: string; readonly password: string };
}

export async function mailSink({ tls = false, login }: MailSinkOptions = {}): Promise<MailSink> {
  const received: ReceivedMail[] = [];
  let react: (mail: ReceivedMail) => MailReaction = () => "take";
  let recipient: (address: string) => number | null = () => null;
  const failing = (status: number): Error => Object.assign(new Error("not today"), { responseCode: status });
  const options: SMTPServerOptions = {
    ...{ logger: false, authOptional: login === undefined, allowInsecureAuth: true, closeTimeout: 100 },
    disabledCommands: [...(tls ? [] : ["STARTTLS"]), ...(login === undefined ? ["AUTH"] : [])],
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password ? done(null, { user: username }) : done(failing(535)),
    onRcptTo: ({ address }, _session, done) => {
      const status = recipient(address);
      done(status === null ? null : failing(status));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (bytes: Buffer) => chunks.push(bytes));
      stream.on("end", () => {
        const mail = parseMail(Buffer.concat(chunks).toString("latin1"), session.secure);
        received.push(mail);
        const reaction = react(mail);
        if (reaction === "take") done();
        else if (reaction !== "hang") done(failing(reaction));
      });
    },
  };
  const server = new SMTPServer(options);
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    ...{ port, received },
    react: (decide, ofRecipient) => {
      react = decide;
      recipient = ofRecipient ?? (() => null);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parseMail(raw: string, secure: boolean): ReceivedMail {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get("content-type") ?? "")?.[1] ?? "";
  const parts = body.split(`--${boundary}`).map((part) => split(part.replace(/^\r\n/, "")));
  const of = (type: string): string => {
    const part = parts.find((each) => each.headers.get("content-type")?.startsWith(type));
    return part === undefined ? "" : decode(part.body, part.headers.get("content-transfer-encoding") ?? "7bit");
  };
  return {
    ...{ id: headers.get("message-id") ?? "", from: headers.get("from") ?? "", to: headers.get("to") ?? "" },
    ...{ subject: words(headers.get("subject") ?? ""), text: of("text/plain"), html: of("text/html"), raw, secure },
  };
}

function split(text: string): { headers: ReadonlyMap<string, string>; body: string } {
  const at = text.indexOf("\r\n\r\n");
  const lines = text
    .slice(0, at)
    .replaceAll(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { headers, body: text.slice(at + 4) };
}

function decode(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return Buffer.from(body, "latin1").toString("utf8");
  return quoted(body.replaceAll("=\r\n", ""));
}

const quoted = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");

/** Encoded words of a header. */
const words = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, form: string, content: string) =>
      form.toUpperCase() === "B"
        ? Buffer.from(content, "base64").toString("utf8")
        : quoted(content.replaceAll("_", " ")),
    );
