/** What the service does to rotations by itself goes on, whatever becomes of one of them. */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  codes,
  eventsOf,
  openRotationStage,
  type RotationStage,
  rotating,
  seenInUse,
  shown,
} from "../support/rotation-stage.ts";

let stage: RotationStage;
let owner: pg.Client;
beforeAll(async () => {
  stage = await openRotationStage();
  owner = new pg.Client(stage.app.database.owner);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await stage.app.stop();
});

test("a rotation that cannot be written keeps no other one waiting, and is followed when it can be", async () => {
  const { root, app } = stage;
  const [first, second] = [await rotating(stage), await rotating(stage)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (first === undefined || second === undefined) throw new TypeError("two keys were made");
  await owner.query(`CREATE FUNCTION claviger.refuse_one() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'not this one'; END $$`);
  await owner.query(`CREATE TRIGGER refuse_one BEFORE UPDATE ON claviger.rotation FOR EACH ROW
    WHEN (OLD.key_id = '${first.id}') EXECUTE FUNCTION claviger.refuse_one()`);
  await codes(root, [first.fresh, second.fresh]);
  await seenInUse(root, second.id);
  expect((await shown(root, first.id)).rotation).toMatchObject({ phase: "issued" });
  await owner.query("DROP TRIGGER refuse_one ON claviger.rotation");
  await seenInUse(root, first.id);
  const seen = (await eventsOf(app, first.id)).filter(({ type }) => type === "rotation.seen_in_use");
  expect(seen).toHaveLength(1);
});

test("of a key that is revoked meanwhile the rotation is over, and its versions stay dead", async () => {
  const { root } = stage;
  const { id, secret, fresh } = await rotating(stage);
  await root.post(`/v1/keys/${id}/revoke`, { reason: "leaked" });
  expect((await shown(root, id)).rotation).toMatchObject({ phase: "done" });
  expect(await codes(root, [secret, fresh])).toEqual(["REVOKED", "REVOKED"]);
  expect((await shown(root, id)).status).toBe("revoked");
});
