import { hash } from "node:crypto";
import { LINK_PAGE } from "../modules/delivery/index.ts";
import type { PageHandler } from "./reference-page.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

/**
 * The page behind one-time links, the same for all of them: what tells one from another stands behind the `#` of the address, which is
 * sent to nobody. So whoever fetches the page, such as a scanner of links in mails, opens nothing and learns nothing; the click of a
 * person asks the API, and shows what it answers. Nothing comes from elsewhere, and nothing stands in the page but what its policy names.
 */
export function linkPages(): Readonly<Record<string, PageHandler>> {
  const headers = {
    ...SECURITY_HEADERS,
    "Content-Security-Policy": policy(),
    "Content-Type": "text/html; charset=utf-8",
  };
  return { [LINK_PAGE]: async () => new Response(PAGE, { headers }) };
}

const named = (text: string): string => `'sha256-${hash("sha256", text, "base64")}'`;

function policy(): string {
  return [
    "default-src 'none'",
    `script-src ${named(SCRIPT)}`,
    `style-src ${named(STYLE)}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #8c959f; --act: #0b7285; --on-act: #fff; --warn: #9a3412; }
@media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #e6e9ec; --soft: #a3acb5; --line: #6b7580; --act: #66d9e8; --on-act: #06262b; --warn: #fdba74; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 3rem 1rem; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .75rem; }
h1:focus { outline: none; }
p { margin: 0 0 1rem; }
label { display: block; margin: 0 0 .25rem; }
input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; margin: 0 0 1rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .375rem; }
button { min-height: 2.75rem; padding: .5rem 1.25rem; font: inherit; font-weight: 600; color: var(--on-act); background: var(--act); border: 0; border-radius: .375rem; cursor: pointer; }
button[disabled] { opacity: .6; cursor: progress; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
#secret { margin: 0 0 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: .375rem; font: 1rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; user-select: all; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1.5rem 0 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.warn { color: var(--warn); }
[hidden] { display: none !important; }
`;

const SCRIPT = `
"use strict";
const at = (id) => document.getElementById(id);
const token = location.hash.slice(1);
const show = (id, shown) => { at(id).hidden = !shown; };
const say = (title, text) => {
  at("title").textContent = title;
  at("text").textContent = text;
  at("title").focus();
};
const endHere = (title, text) => {
  show("form", false);
  say(title, text);
};
const TITLES = { NOT_FOUND: "There is no such link", LINK_ENDED: "This link works no more", IP_NOT_ALLOWED: "Not from this network" };
const TEXTS = {
  NOT_FOUND: "Look whether the whole address was copied, up to its last character.",
  LINK_ENDED: " Ask the sender for another. If somebody else opened it, tell them at once: the secret is known to others then.",
  IP_NOT_ALLOWED: "The sender chose from where it can be opened. Try again from there; after a few attempts the link ends.",
};
function refuse(status, problem) {
  const { code, detail } = problem;
  if (code === "PASSPHRASE_NEEDED") {
    const again = !at("asked").hidden;
    show("asked", true);
    say("This link asks for a passphrase", again ? "That was not it. After a few wrong ones the link ends." : "The sender chose it, and tells it by another way.");
    at("passphrase").value = "";
    at("passphrase").focus();
  } else if (code === "LINK_ENDED") endHere(TITLES[code], detail + TEXTS[code]);
  else if (code in TITLES) endHere(TITLES[code], TEXTS[code]);
  else if (status === 429) say("Too many attempts", "Wait a minute, then try again.");
  else say("It could not be opened", "The service answered: " + (detail || status) + " Try again in a moment.");
}
function reveal(opened) {
  history.replaceState(null, "", location.pathname);
  show("form", false);
  say("Your secret", "It is shown now and never again. Put it where it is to be kept before you leave this page.");
  at("secret").textContent = opened.secret;
  at("label").textContent = opened.label;
  at("environment").textContent = opened.environment || "none";
  at("key").textContent = opened.key + ", version " + opened.version;
  at("ends").textContent = opened.expiresAt === null ? "never" : new Date(opened.expiresAt).toLocaleString();
  show("opened", true);
}
async function open() {
  const button = at("open");
  button.disabled = true;
  try {
    const typed = at("passphrase").value;
    const response = await fetch("v1/links/open", {
      method: "POST",
      credentials: "omit",
      cache: "no-store",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(at("asked").hidden ? { token } : { token, passphrase: typed }),
    });
    const body = await response.json();
    if (response.ok) reveal(body);
    else refuse(response.status, body);
  } catch {
    say("No answer came", "Try again. If the link is said to be opened already, ask the sender for another: what it showed is lost.");
  } finally {
    button.disabled = false;
  }
}
async function copy() {
  try {
    await navigator.clipboard.writeText(at("secret").textContent);
    at("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(at("secret"));
    at("copied").textContent = "Marked: copy it by the keyboard or the menu.";
  }
}
at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  void open();
});
at("copy").addEventListener("click", () => void copy());
addEventListener("hashchange", () => location.reload());
addEventListener("pagehide", () => { at("secret").textContent = ""; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (/^[A-Za-z0-9_-]{43}$/.test(token)) show("form", true);
else endHere("This address is not whole", "Look whether the whole address was copied, up to its last character. A link that was opened is empty afterwards.");
`;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex, nofollow, noarchive">
    <meta name="referrer" content="no-referrer">
    <title>A secret for you</title>
    <link rel="icon" href="data:,">
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <div aria-live="polite">
        <h1 id="title" tabindex="-1">Somebody has a secret for you</h1>
        <p id="text">It is an API key. It can be shown once, to you alone: have the place ready where it is to be kept.</p>
      </div>
      <noscript><p class="warn">This page needs JavaScript. On the command line: <code>claviger links open</code>.</p></noscript>
      <form id="form" autocomplete="off" hidden>
        <div id="asked" hidden>
          <label for="passphrase">Passphrase</label>
          <input id="passphrase" type="password" maxlength="200" autocomplete="off" spellcheck="false">
        </div>
        <button id="open" type="submit">Show the secret, once</button>
      </form>
      <div id="opened" hidden>
        <p id="secret" translate="no"></p>
        <button id="copy" type="button">Copy</button>
        <p id="copied" role="status"></p>
        <dl>
          <dt>Name</dt><dd id="label"></dd>
          <dt>Environment</dt><dd id="environment"></dd>
          <dt>Key</dt><dd id="key"></dd>
          <dt>Expires</dt><dd id="ends"></dd>
        </dl>
      </div>
    </main>
    <script>${SCRIPT}</script>
  </body>
</html>
`;
