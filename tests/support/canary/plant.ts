/**
 * Puts secrets through every operation of the contract: as the credential, as each parameter, and in each field. What the
 * contract gains joins by itself; what nobody has said how to call, or is never seen to succeed, is an error.
 */
import { OPERATIONS, type Operation } from "@claviger/contract";
import { type Api, issueKey, succeeded, waitFor } from "@claviger/testkit";
import {
  approvalFor,
  beginRotation,
  beginSplit,
  type Existing,
  makeHandOver,
  makeLink,
  ofOpenSplit,
  sampleOf,
} from "../samples.ts";

export interface Garden {
  readonly url: string;
  readonly root: Api;
  /** May do everything. */
  readonly managementKey: string;
  /** A key that nothing ends, for verifications that succeed. */
  readonly working: string;
  /** What may be suspended and ended. */
  readonly spare: Pick<Existing, "account" | "key" | "bulkAct" | "drill" | "scimKey" | "closable">;
  /** By name: what must show up nowhere. Grows by what operations issue. */
  readonly secrets: Record<string, string>;
  readonly seen: Seen;
}

export interface Seen {
  /** Everything that came back, headers included, less the secrets that it is an operation's purpose to tell. */
  readonly answers: string[];
  /** By operation, every status that it answered. */
  readonly statuses: Map<string, Set<number>>;
  /** Fields of what is kept that took a secret. */
  readonly kept: string[];
}

export const newSeen = (): Seen => ({ answers: [], statuses: new Map(), kept: [] });

const writes = ({ audit }: Operation): boolean => audit.length > 0;

/** As the credential in each header, of every operation; those by which a holder ends the very key come last. */
export async function asCredential(garden: Garden, secrets: readonly string[]): Promise<void> {
  const last = (operation: Operation): number => (operation.access.kind === "holder" && writes(operation) ? 1 : 0);
  for (const operation of OPERATIONS.toSorted((a, b) => last(a) - last(b))) {
    // All the others are called with the management key, and afterwards everything is read with it.
    const spared = secrets.filter((secret) => last(operation) === 0 || secret !== garden.managementKey);
    const presented = spared.flatMap((secret) => presentations(secret, garden.working));
    await Promise.all(
      presented.map(async ({ secret, headers, about }) => {
        const target = await targetFor(garden, operation, secret);
        const { path, body, headers: own } = sampleOf(operation, { ...target, secret: about });
        await call(garden, operation, path, { ...own, ...headers }, body);
      }),
    );
  }
}

interface Presented {
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The key that a verification is about. */
  readonly about: string;
}

/** Every header in which a secret may be presented. */
function presentations(secret: string, working: string): Presented[] {
  return [
    { secret, headers: { authorization: `Bearer ${secret}` }, about: secret },
    { secret, headers: { "x-api-key": secret }, about: secret },
    { secret, headers: { "claviger-credential": secret, "x-api-key": secret }, about: secret },
    { secret, headers: { "claviger-credential": secret }, about: working },
  ];
}

/** In each parameter, each parameter of the query and each field of the body, in whatever form such a field may take. */
export async function inEveryField(garden: Garden, secrets: readonly string[]): Promise<void> {
  for (const operation of OPERATIONS) {
    const authorization = `Bearer ${garden.managementKey}`;
    for (const secret of secrets) {
      const existing = { ...(await targetFor(garden, operation, garden.managementKey)), secret };
      const sample = sampleOf(operation, existing);
      const send = (path: string, body: unknown): Promise<Came> =>
        callFor(garden, operation, path, { ...sample.headers, authorization }, body);
      const [bare = ""] = sample.path.split("?");
      const queries = Object.keys(operation.query?.shape ?? { q: null }).map(
        (name) => `${name}=${encodeURIComponent(secret)}`,
      );
      const paths = [...pathsWith(operation, existing, secret), ...queries.map((query) => `${bare}?${query}`)];
      await Promise.all(paths.map((path) => send(path, sample.body)));
      for (const field of fieldsOf(operation.lines?.schema ?? operation.body)) {
        const fill = async (value: unknown): Promise<void> => {
          const filled = { ...((sample.lines?.[0] ?? sample.body) as object), [field]: value };
          const body = sample.lines === undefined ? filled : JSON.stringify(filled);
          const { status, text } = await send(sample.path, body);
          if (!writes(operation) || status >= 300 || (sample.lines !== undefined && tookNone(text))) return;
          garden.seen.kept.push(`${operation.id}: ${field} took ${JSON.stringify(value)}`);
        };
        await Promise.all(wrappings(secret).map(fill));
      }
    }
  }
}

/** Of lines, whether each was refused or was there already. */
function tookNone(text: string): boolean {
  return (JSON.parse(text) as { readonly imported: number }).imported === 0;
}

/** Every way in which a field may hold text. */
function wrappings(secret: string): unknown[] {
  const inside = [secret, ` ${secret} `, `team:${secret}`, `ext:${secret}`, `see ${secret}, please`];
  const addresses = [
    `/a/${secret}`,
    `https://a.example/${secret}`,
    `https://${secret}.a.example`,
    `${secret}@a.example`,
  ];
  const texts = [...inside, ...addresses];
  return [
    ...texts,
    texts.slice(0, 1),
    [`https://a.example/${secret}`],
    { note: secret },
    { [secret]: "note" },
    { deep: { deeper: [secret] } },
    [{ name: secret }],
    [{ name: "n", contact: secret }],
    [{ name: secret, amount: 1, per: "second" }],
    [{ method: "GET", path: `/a/${secret}` }],
    { all: [secret] },
  ];
}

/** The names of a body's fields, however the object is wrapped; none where it is no object. */
function fieldsOf(body: Operation["body"]): string[] {
  if (body === undefined) return [];
  if ("shape" in body) return Object.keys(body.shape as object);
  const inner = (body as { unwrap?: () => Operation["body"] }).unwrap?.();
  if (inner === undefined) throw new TypeError("say in tests/support/canary/plant.ts how this body is looked into");
  return fieldsOf(inner);
}

function pathsWith(operation: Operation, existing: Existing, secret: string): string[] {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const sample = sampleOf(operation, existing).path.split("/");
  return names.flatMap((name) => {
    const at = operation.path.split("/").indexOf(`{${name}}`);
    return [secret, `ext:${secret}`].map((value) => sample.with(at, encodeURIComponent(value)).join("/"));
  });
}

/** What has to be done for an operation to succeed on a key that was issued just now. */
const PREPARE: Readonly<Record<string, (root: Api, key: string) => Promise<unknown>>> = {
  "keys.resume": async (root, key) => succeeded(await root.post(`/v1/keys/${key}/suspend`, { reason: "a question" })),
  ...Object.fromEntries(
    ["get", "delete"].map((verb) => [
      `schedules.${verb}`,
      async (root: Api, key: string) =>
        succeeded(await root.put(`/v1/keys/${key}/schedule`, { everyDays: 3650, deliverTo: { offer: true } })),
    ]),
  ),
  ...Object.fromEntries(OPERATIONS.flatMap(({ id }) => (ofOpenSplit(id) ? [[id, beginSplit]] : []))),
  ...Object.fromEntries(
    ["acknowledge", "confirm", "extend", "cancel", "finish"].map((verb) => [`rotation.${verb}`, beginRotation]),
  ),
};

/** What an operation is tried on: where it would succeed, a key that this call alone may change. */
async function targetFor(
  { root, spare, managementKey }: Garden,
  operation: Operation,
  credential: string,
): Promise<Omit<Existing, "secret">> {
  if (operation.path.startsWith("/v1/links/")) {
    succeeded(await root.post(`/v1/accounts/${spare.account.id}/resume`));
    return { ...spare, link: await makeLink(root, spare.account.id) };
  }
  if (operation.path.startsWith("/v1/hand-overs/")) {
    succeeded(await root.post(`/v1/accounts/${spare.account.id}/resume`));
    return { ...spare, handOver: await makeHandOver(root, spare.account.id) };
  }
  const mine = credential === managementKey;
  if (mine && operation.id.startsWith("approvals."))
    return { ...spare, approval: await approvalFor(root, operation.id) };
  if (!mine || !(writes(operation) || operation.id in PREPARE)) return spare;
  if (!operation.path.startsWith("/v1/keys")) return spare;
  succeeded(await root.post(`/v1/accounts/${spare.account.id}/resume`));
  const { id } = await issueKey(root, spare.account.id);
  await PREPARE[operation.id]?.(root, id);
  return { account: spare.account, key: id };
}

/**
 * Sends one request, and keeps what came back. A node that has lost its lease, as on a busy machine, is waited for and asked
 * again, as any client would. Answers the last status.
 */
export async function call(...given: Parameters<typeof callFor>): Promise<number> {
  return (await callFor(...given)).status;
}

interface Came {
  readonly status: number;
  readonly text: string;
}

async function callFor(
  garden: Garden,
  operation: Pick<Operation, "id" | "method" | "responses">,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<Came> {
  for (let trial = 1; ; trial += 1) {
    const came = await send(garden, operation, path, headers, body);
    if (came.status !== 503 || trial === TRIALS) return came;
    await waitFor(async () => (await fetch(`${garden.url}/readyz`)).ok, { what: "a node that is ready" });
  }
}

const TRIALS = 5;

async function send(
  { url, secrets, seen }: Garden,
  operation: Pick<Operation, "id" | "method" | "responses">,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<Came> {
  const sent = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  const response = await fetch(url + path, {
    method: operation.method,
    headers: { ...(sent === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(sent === undefined || operation.method === "GET" ? {} : { body: sent }),
  });
  let text = await response.text();
  const schema = operation.responses[response.status]?.schema;
  if (schema !== undefined && "shape" in schema && "secret" in (schema.shape as object)) {
    const { secret } = JSON.parse(text) as { secret: string | null };
    // Null where it was told before.
    if (secret !== null) {
      secrets[`issued ${Object.keys(secrets).length}`] = secret;
      // Once, to whoever asked for it, and nowhere else.
      text = text.replace(JSON.stringify(secret), "told");
    }
  }
  seen.answers.push(`${response.status} ${[...response.headers].join("\n")}\n${text}`);
  const statuses = seen.statuses.get(operation.id) ?? new Set();
  seen.statuses.set(operation.id, statuses.add(response.status));
  return { status: response.status, text };
}
