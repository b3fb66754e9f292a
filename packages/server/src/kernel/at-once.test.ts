import { expect, test } from "vitest";
import { AtOnce } from "./at-once.ts";

/** Work that goes on until it is let go, or fails. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, end: () => resolve("done"), fail: () => reject(new Error("failed")) };
}
const never = (): Promise<never> => {
  throw new TypeError("was begun");
};

test("no more is under way at once than may be, in all and for one who asks; what is beyond is refused unbegun", async () => {
  const places = new AtOnce("previews", 2, 1);
  const [first, second, third] = [held(), held(), held()];
  const ofOne = places.run(first.work, "one");
  await expect(places.run(never, "one")).rejects.toMatchObject({ code: "TOO_MANY_ATTEMPTS" });
  const ofTwo = places.run(second.work, "two");
  await expect(places.run(never, "three")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  first.end();
  expect(await ofOne).toBe("done");
  const ofThree = places.run(third.work, "three");
  await expect(places.run(never, "one")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  second.end();
  third.end();
  expect(await Promise.all([ofTwo, ofThree])).toEqual(["done", "done"]);
});

test("what fails gives its place back as well, and passes its error on", async () => {
  const places = new AtOnce("previews", 1);
  const failing = held();
  const failed = places.run(failing.work, "one");
  failing.fail();
  await expect(failed).rejects.toThrow("failed");
  await expect(places.run(never, "one")).rejects.toThrow("was begun");
  expect(await places.run(async () => "done", "one")).toBe("done");
});
