import type { SmtpSettings } from "./smtp.ts";

const PORTS = { "smtp:": 587, "smtps:": 465 } as const;

/** Reads `smtp://user:password@host:port`, or `smtps://…` for TLS from the first byte; null where it is none. */
export function parseSmtpUrl(text: string): Omit<SmtpSettings, "from" | "mayBePlain"> | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "smtp:" && url.protocol !== "smtps:") || url.hostname === "") return null;
  if (!/^\/?$/.test(url.pathname) || url.search !== "" || url.hash !== "") return null;
  try {
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port === "" ? PORTS[url.protocol] : Number(url.port),
      secure: url.protocol === "smtps:",
      user: user === "" ? null : user,
      password: password === "" ? null : password,
    };
  } catch {
    return null;
  }
}

/** `keys@example.com`, or `A name <keys@example.com>`: one line, one address. */
export function isMailFrom(text: string): boolean {
  const address = /^[^<>"\r\n]{0,100}<([^<>\s]+)>$/.exec(text)?.[1] ?? text;
  return text.length <= 200 && /^[^\s@<>",;:()\\]+@[^\s@<>",;:()\\]+$/.test(address) && !/\p{Cc}/u.test(text);
}
