import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { OPERATIONS } from "@claviger/contract";
import { Claviger } from "@claviger/sdk";
import { expect, test } from "vitest";
import { sdkClientFiles } from "./sdk-client-files.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

test("the files of the SDK that are made from the contract equal it (refresh them with `node scripts/sdk-client.ts`)", async () => {
  const files = await sdkClientFiles(OPERATIONS);
  expect(files.map(({ path }) => path)).toHaveLength(2);
  for (const { path, text } of files) {
    expect(readFileSync(`${ROOT}${path}`, "utf8") === text, `${path} is stale: node scripts/sdk-client.ts`).toBe(true);
  }
});

test("every operation of the contract is a method of the client, under its own name", () => {
  const claviger = new Claviger({ url: "https://claviger.example", managementKey: "no-key-of-any-platform" });
  const methods = Object.entries(claviger).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  );
  const camel = (id: string): string => id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  expect(methods.sort()).toEqual(OPERATIONS.map(({ id }) => camel(id)).sort());
  for (const verbs of Object.values(claviger))
    for (const verb of Object.values(verbs)) expect(verb).toBeTypeOf("function");
});
