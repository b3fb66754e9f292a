/** Where stores may be: what is written to them holds secrets, and their answers are read. */
import { Secret } from "@claviger/core";
import { expect, test } from "vitest";
import { createCallOutside } from "../../kernel/outgoing/index.ts";
import { awsKind } from "./kinds/aws.ts";
import { vaultKind } from "./kinds/vault.ts";
import { putStore } from "./put-store.ts";

const LOCKED = { allowPrivate: false, commands: {} };
const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const AWS = { region: "eu-central-1", kmsKeyId: null, accessKeyId: "AKIDEXAMPLE" };
const VAULT = { mount: "secret", namespace: null, auth: "token", appRole: null } as const;
const parcel = { path: "a", key: "key_a", version: 1, secret: new Secret("clv_live_a"), token: "0".repeat(64) };

test.each([
  ["http://169.254.169.254/latest", "must begin with https://"],
  ["https://169.254.169.254", "the address is not public"],
  ["https://[::ffff:10.0.0.1]:8200", "the address is not public"],
  ["https://user:word@vault.example.com", "must not hold a user name or password"],
  ["https://vault.example.com/?to=elsewhere", "must end with its path"],
  ["file:///etc/passwd", "must begin with https://"],
])("none is put at %s: %s", async (address, message) => {
  const never = () => Promise.reject(new Error("nothing is written"));
  const ports = { ...LOCKED, act: never, random: undefined as never, keyring: undefined as never };
  const put = (input: object) =>
    putStore(ports, ACTING, "one", { description: null, pathPrefix: "", ...input }).catch((error) => error.errors);
  expect(await put({ vault: { address, mount: "secret", namespace: null, token: "hvs.of-a-test" } })).toEqual([
    { path: "vault.address", message },
  ]);
  expect(await put({ aws: { ...AWS, endpoint: address, secretAccessKey: "of-a-test" } })).toEqual([
    { path: "aws.endpoint", message },
  ]);
});

test("one whose name leads inside is sent nothing, whatever it led to when it was put", async () => {
  const call = createCallOutside({ allowPrivate: false, resolve: async () => [{ address: "10.0.0.7", family: 4 }] });
  const refused = { kind: "failed", reason: "the address is not public" };
  const credential = new Secret("of-a-test");
  const { signal } = new AbortController();
  const address = "https://vault.example.com";
  expect(await vaultKind(call, { ...VAULT, address }, credential).put(parcel, signal)).toEqual(refused);
  const aws = awsKind(call, { ...AWS, endpoint: null }, credential, () => new Date(0));
  expect(await aws.put(parcel, signal)).toEqual(refused);
});
