/** Keys are found by the words of what people call them, at once after each change (F1). */
import { issueKey, succeeded, uniqueSuffix } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Key, openStage, type Page, type Stage } from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

const idsBy = async (q: string): Promise<readonly string[]> => {
  const page = succeeded(await stage.root.get<Page<Key>>(`/v1/keys?${new URLSearchParams({ q })}`));
  return page.body.data.map(({ id }) => id);
};

test("a key is found by its words as they are now, and no longer by those it had", async () => {
  const { id } = await issueKey(stage.root, stage.account.id);
  const [old, now] = [`old${uniqueSuffix()}`, `new${uniqueSuffix()}`];
  for (const field of ["label", "purpose"] as const) {
    succeeded(await stage.root.patch(`/v1/keys/${id}`, { [field]: `It's the “${old}”-job, 50% \\ done` }));
    for (const q of [old, old.toUpperCase(), old.slice(0, -1), `${old}-jo`, `it's ${old}`, `'${old}' \\ 50`]) {
      expect(await idsBy(q), q).toEqual([id]);
    }
    for (const q of [old.slice(1), `${old} nothing`, `jo ${old}`, "'", "\\", "!", "' | '", "%"]) {
      expect(await idsBy(q), q).not.toContain(id);
    }
    succeeded(await stage.root.patch(`/v1/keys/${id}`, { [field]: `the ${now}` }));
    expect(await idsBy(old)).toEqual([]);
    expect(await idsBy(now)).toEqual([id]);
  }
  succeeded(await stage.root.patch(`/v1/keys/${id}`, { owner: `team:${old}` }));
  expect(await idsBy(`team:${old}`)).toEqual([id]);
});

test("it is found by the names of whom it belongs to as they are now, and by no words of two of them together", async () => {
  const { root, account } = stage;
  const { id } = await issueKey(root, account.id);
  const [old, now, label] = [`old${uniqueSuffix()}`, `new${uniqueSuffix()}`, `label${uniqueSuffix()}`];
  const member = (name: string) => ({ name: `Ada ${name}`, email: `ada@${name}.example`, role: "developer" });
  const named = [
    [`/v1/accounts/${account.id}/members/ext:ada`, member],
    [`/v1/accounts/${account.id}/services/ext:crm`, (name: string) => ({ name: `The ${name}` })],
    [`/v1/accounts/${account.id}`, (name: string) => ({ name: `Acme ${name}` })],
  ] as const;
  for (const [path, body] of named) succeeded(await root.put(path, body("start")));
  succeeded(await root.patch(`/v1/keys/${id}`, { owner: "ext:ada", service: "ext:crm", label }));
  for (const [path, body] of named) {
    succeeded(await root.put(path, body(old)));
    expect(await idsBy(old), path).toContain(id);
    expect(await idsBy(`${label} ${old}`), path).toEqual([]);
    succeeded(await root.put(path, body(now)));
    expect(await idsBy(old), path).toEqual([]);
    expect(await idsBy(now), path).toContain(id);
    succeeded(await root.put(path, body("nobody")));
  }
});
