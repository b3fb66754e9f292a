import { OLD_FORMS, parseOldForm, Secret } from "@claviger/core";

/** From which store keys are taken over as they are presented, and how often it may be asked. */
export interface ImportHookConfig {
  /** Forms of its keys; see `parseOldForm`. */
  readonly forms: readonly string[];
  /** Null where a function of the program that carries the node is asked. */
  readonly endpoint: { readonly url: Secret; readonly secret: Secret } | null;
  readonly perSecond: number;
  readonly atOnce: number;
  readonly timeoutMs: number;
  readonly rememberMs: number;
}

interface Reading {
  /** Null where it is not set. */
  read(name: string): string | null;
  whole(name: string, fallback: number, min: number, max: number): number;
  /** What is thrown for a value that cannot work. */
  wrong(name: string, value: string): Error;
  /** What is thrown for settings that do not go together. */
  failure(name: string, message: string): Error;
  /** Whether a function is asked instead of an endpoint. */
  readonly ownHook: boolean;
}

const [URL_NAME, SECRET_NAME, FORMS_NAME] = [
  "CLAVIGER_IMPORT_HOOK_URL",
  "CLAVIGER_IMPORT_HOOK_SECRET",
  "CLAVIGER_IMPORT_HOOK_FORMS",
];
/** By Standard Webhooks: 24 to 64 bytes. */
const SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/** Null where keys are not taken over by a hook. Throws what `wrong` or `failure` makes. */
export function readImportHook(reading: Reading): ImportHookConfig | null {
  const { whole, ownHook, failure } = reading;
  const bounds = {
    perSecond: whole("CLAVIGER_IMPORT_HOOK_PER_SECOND", 20, 1, 1_000),
    atOnce: whole("CLAVIGER_IMPORT_HOOK_AT_ONCE", 8, 1, 100),
    timeoutMs: whole("CLAVIGER_IMPORT_HOOK_TIMEOUT_MS", 1_500, 50, 10_000),
    rememberMs: whole("CLAVIGER_IMPORT_HOOK_REMEMBER_SECONDS", 600, 1, 86_400) * 1_000,
  };
  const forms = readForms(reading);
  const endpoint = readEndpoint(reading);
  if (forms.length === 0) {
    if (endpoint !== null || ownHook)
      throw failure(FORMS_NAME, `is not set; with ${URL_NAME} it must name forms of keys`);
    return null;
  }
  if (endpoint === null && !ownHook) throw failure(FORMS_NAME, `is set without ${URL_NAME}; set both or neither`);
  if (endpoint !== null && ownHook) throw failure(URL_NAME, "is set, and so is importHook; set one of them");
  return { forms, endpoint, ...bounds };
}

function readForms({ read, wrong }: Reading): readonly string[] {
  const text = read(FORMS_NAME);
  if (text === null) return [];
  const forms = text.split(",").map((form) => form.trim());
  if (forms.length > OLD_FORMS.most || forms.some((form) => parseOldForm(form) === null)) throw wrong(FORMS_NAME, text);
  return forms;
}

function readEndpoint({ read, wrong, failure }: Reading): ImportHookConfig["endpoint"] {
  const [url, secret] = [read(URL_NAME), read(SECRET_NAME)];
  if (url === null) {
    if (secret !== null) throw failure(SECRET_NAME, `is set without ${URL_NAME}; set both or neither`);
    return null;
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw wrong(URL_NAME, url);
  if (secret === null)
    throw failure(SECRET_NAME, `is not set; with ${URL_NAME} it must be whsec_ and 24 to 64 bytes in base64`);
  if (!SECRET.test(secret)) throw wrong(SECRET_NAME, secret);
  return { url: new Secret(url), secret: new Secret(secret) };
}
