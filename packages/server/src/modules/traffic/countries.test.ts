import { silentLogger } from "@claviger/testkit";
import { expect, test } from "vitest";
import { createCountries } from "./countries.ts";

test("an address is known by the country it is registered in; a private one by none", async () => {
  const countries = createCountries(silentLogger);
  expect(countries.of("193.0.6.139")).toBeNull();
  await countries.load();
  expect(countries.of("193.0.6.139")).toBe("NL");
  expect(countries.of("2001:67c:2e8:22:0:0:c100:68b")).toBe("NL");
  expect(countries.of("10.1.2.3")).toBeNull();
  expect(countries.of("no address")).toBeNull();
});
