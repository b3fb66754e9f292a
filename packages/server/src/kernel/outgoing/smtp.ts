import { createTransport } from "nodemailer";

/** How mails are handed to a server. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  readonly secure: boolean;
  /** The connection may stay in plain text where the server offers no STARTTLS. */
  readonly mayBePlain: boolean;
  readonly user: string | null;
  readonly password: string | null;
  /** As the header `From` has it. */
  readonly from: string;
}

export interface MailToSend {
  /** Of our own; the same at every attempt. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** `reason` is a line for logs and people, and holds nothing that the server sent. */
export type MailOutcome =
  | { readonly kind: "taken" }
  /** The server wants none of it, and will not. */
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  | { readonly kind: "failed"; readonly status: number | null; readonly reason: string };

export interface SendMail {
  send(mail: MailToSend): Promise<MailOutcome>;
  close(): void;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;
const CONNECTIONS = 5;

/** Hands mails to one server over a few connections that stay open. Never throws. */
export function createSmtp({ host, port, secure, mayBePlain, user, password, from }: SmtpSettings): SendMail {
  const transport = createTransport({
    ...{ host, port, secure, requireTLS: !secure && !mayBePlain, pool: true, maxConnections: CONNECTIONS },
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    // Nothing of a mail is ever read from a file or fetched.
    ...{ disableFileAccess: true, disableUrlAccess: true },
    ...(user === null ? {} : { auth: { user, pass: password ?? "" } }),
  });
  const domain = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? "claviger.invalid";
  return {
    send: async ({ id, to, subject, text, html }) => {
      try {
        const headers = { "Auto-Submitted": "auto-generated" };
        await transport.sendMail({ from, to, subject, text, html, headers, messageId: `<${id}@${domain}>` });
        return { kind: "taken" };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/** By its code: the message quotes what the server said. */
function outcomeOf(error: unknown): MailOutcome {
  const field = (name: string): unknown =>
    typeof error === "object" && error !== null ? (error as Readonly<Record<string, unknown>>)[name] : undefined;
  const status = typeof field("responseCode") === "number" ? Number(field("responseCode")) : null;
  const code = String(field("code") ?? "").slice(0, 40);
  // A login or a sender that is refused is ours to mend; a recipient or a message that is refused stays so.
  if (status !== null && status >= 500 && (code === "EENVELOPE" || code === "EMESSAGE"))
    return { kind: "refused", status, reason: `the server refused it with ${status}` };
  if (status !== null) return { kind: "failed", status, reason: `the server answered ${status}` };
  return {
    kind: "failed",
    status: null,
    reason: code === "" ? "the connection broke" : `the connection broke: ${code}`,
  };
}
