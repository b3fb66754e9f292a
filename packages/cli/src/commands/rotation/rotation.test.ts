import { afterAll, beforeAll, expect, test } from "vitest";
import { claviger, type Installation, startInstallation } from "../../testing.ts";

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation();
}, 90_000);
afterAll(() => installation.close());

const run = (...args: string[]) => installation.run(...args);
const SECRET = /^clv_live_\w{36}$/m;

test("a key is rotated, looked at, acknowledged, extended, confirmed, cancelled and finished from the command line", {
  timeout: 90_000,
}, async () => {
  await run("accounts", "put", "ext:acme", "--name", "Acme");
  const made = await run(
    ...["keys", "create", "--account", "ext:acme", "--environment", "live", "--label", "A", "--tier", "read", "--json"],
    ...["--dependants", "Nightly report"],
  );
  const { key, secret } = JSON.parse(made.stdout) as { key: { id: string }; secret: string };
  const rotation = (verb: string, ...more: string[]) => run("keys", "rotation", verb, key.id, ...more);

  const rotated = await run("keys", "rotate", key.id, "--overlap-hours", "48");
  expect(rotated).toMatchObject({ code: 0, stdout: expect.stringMatching(SECRET) });
  expect(rotated.stderr).toMatch(/Programs read it from CLV_API_KEY:\n {2}1\. Put the new secret/);
  expect(rotated.stderr).not.toMatch(SECRET);
  const shown = await rotation("show");
  expect(shown.stdout).toMatch(/^status +rotating$/m);
  expect(shown.stdout).toMatch(/^2 +pending +/m);
  expect(shown.stdout).toMatch(/^Dependants\nNAME +CONTACT +DONE AT\nNightly report +\S+ +\S+ *$/m);
  expect(await rotation("acknowledge", "--dependant", "CRM")).toMatchObject({
    ...{ code: 1, stderr: expect.stringMatching(/dependant: nobody of that name/) },
  });
  expect(await rotation("acknowledge", "--dependant", "Nightly report")).toMatchObject({ code: 0 });
  expect((await rotation("show")).stdout).toMatch(/^Nightly report .*\d{4}-\d\d-\d\d/m);
  expect(await rotation("extend", "--hours", "24")).toMatchObject({ code: 0 });
  expect(await rotation("extend", "--hours", "168")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/hours: /),
  });
  const confirmed = await rotation("confirm");
  expect(confirmed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^phase +confirmed$/m) });
  expect(confirmed.stderr).toMatch(/^warning: Version 2 has not been seen in use yet\.\n$/);
  const etag = /^etag +(\S+)$/m.exec(shown.stdout)?.[1] ?? "";
  expect(await rotation("cancel", "--yes", "--if-match", etag)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^PRECONDITION_FAILED: /),
  });
  expect(await rotation("cancel", "--yes")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^phase +cancelled$/m),
  });
  expect(await rotation("confirm")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^STATE_CONFLICT: /) });

  const own = await claviger(["keys", "rotate-self"], { CLAVIGER_URL: installation.url, CLAVIGER_KEY: secret });
  expect(own).toMatchObject({ code: 0, stdout: expect.stringMatching(SECRET) });
  const finished = await rotation("finish", "--yes", "--json");
  expect(JSON.parse(finished.stdout)).toMatchObject({ rotation: { from: 1, to: 3, phase: "done" } });
});
