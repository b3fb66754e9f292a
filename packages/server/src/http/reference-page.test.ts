import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { referenceRoutes, type SecurityPorts, securityRoutes } from "./reference-page.ts";

const NOW = Date.UTC(2026, 4, 6, 7, 8, 9);
const PATHS = ["/docs", "/docs/start.js", "/docs/reference.js", "/.well-known/security.txt"];

function routes(ports: Partial<SecurityPorts> = {}) {
  return {
    ...referenceRoutes(),
    ...securityRoutes({ publicUrl: () => "https://keys.example.com", clock: { wall: () => NOW }, ...ports }),
  };
}

async function get(path: string, headers: Record<string, string> = {}, ports: Partial<SecurityPorts> = {}) {
  const handle = routes(ports)[path];
  if (handle === undefined) throw new TypeError(`no page ${path}`);
  return handle(new Request(`https://keys.example.com${path}`, { headers }));
}

describe("the interactive reference (J1)", () => {
  test("consists of these files and no other", () => {
    expect(Object.keys(routes())).toEqual(PATHS);
  });

  test("lets the browser run scripts of this server alone, and ask no other host", async () => {
    const policy = (await get("/docs")).headers.get("content-security-policy") ?? "";
    expect(policy.split("; ")).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  test("names no other host in the page or in what starts it", async () => {
    for (const path of ["/docs", "/docs/start.js"]) {
      const text = (await (await get(path)).text()).replaceAll("http://www.w3.org/2000/svg", "");
      expect(text, path).not.toMatch(/https?:\/\//);
    }
  });

  test("turns off fonts, telemetry, assistant and tools that would ask another host, and stores no key", async () => {
    const text = await (await get("/docs/start.js")).text();
    for (const line of [
      "withDefaultFonts: false",
      "telemetry: false",
      "agent: { disabled: true }",
      "mcp: { disabled: true }",
      'showDeveloperTools: "never"',
      "hideClientButton: true",
      "persistAuth: false",
    ]) {
      expect(text).toContain(line);
    }
  });

  test("holds no script and no handler in the page itself, so that none can be put there", async () => {
    const page = await (await get("/docs")).text();
    expect(page.match(/<script[^>]*>[^<]/)).toBeNull();
    expect(page.match(/\son\w+=/)).toBeNull();
  });

  test("leads to the document where there is no JavaScript", async () => {
    const page = await (await get("/docs")).text();
    expect(page).toMatch(/<noscript>/);
    expect(page).toContain('href="openapi.json"');
  });

  test("names its files by where they stand beside it, so that it works below any path", async () => {
    const page = await (await get("/docs")).text();
    const names = [...page.matchAll(/(?:src|href)="([^":]+)"/g)].map(([, name = ""]) => name);
    expect(names.map((name) => new URL(name, "https://a.example/claviger/docs").pathname).sort()).toEqual(
      ["/claviger/docs/reference.js", "/claviger/docs/start.js", "/claviger/openapi.json"].sort(),
    );
    expect(await (await get("/docs/start.js")).text()).not.toMatch(/["']\//);
  });

  test("serves its program whole, compressed or not", async () => {
    const plain = Buffer.from(await (await get("/docs/reference.js")).arrayBuffer());
    const compressed = await get("/docs/reference.js", { "accept-encoding": "br, gzip" });
    expect(compressed.headers.get("content-encoding")).toBe("gzip");
    expect(gunzipSync(await compressed.arrayBuffer()).equals(plain)).toBe(true);
    expect(plain.toString("latin1")).toContain("createApiReference");
    const unwanted = await get("/docs/reference.js", { "accept-encoding": "gzip;q=0" });
    expect(unwanted.headers.get("content-encoding")).toBeNull();
  });

  test("sends a file again only when it has changed", async () => {
    for (const path of ["/docs/start.js", "/docs/reference.js"]) {
      const first = await get(path);
      const etag = first.headers.get("etag") ?? "";
      expect(first.headers.get("cache-control"), path).toBe("no-cache");
      expect(etag, path).toMatch(/^W\/"[\w-]{22}"$/);
      expect((await get(path, { "if-none-match": `"other", ${etag}` })).status, path).toBe(304);
      expect((await get(path, { "if-none-match": '"other"' })).status, path).toBe(200);
    }
  });

  test("is neither sniffed, framed nor referred, whichever file", async () => {
    for (const path of PATHS) {
      const { headers, status } = await get(path);
      expect(status, path).toBe(200);
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("x-frame-options"), path).toBe("DENY");
      expect(headers.get("referrer-policy"), path).toBe("no-referrer");
    }
  });
});

describe("security.txt (RFC 9116)", () => {
  const text = async (ports: Partial<SecurityPorts>) =>
    (await (await get("/.well-known/security.txt", {}, ports)).text()).split("\n");

  test("names one contact and an expiry within a year of the clock", async () => {
    expect(await text({})).toEqual([
      "Contact: mailto:security@keys.example.com",
      "Expires: 2027-05-05T00:00:00.000Z",
      "Preferred-Languages: en",
      "Canonical: https://keys.example.com/.well-known/security.txt",
      "",
    ]);
  });

  test("names the contact that it is given", async () => {
    expect(await text({ securityContact: "https://example.com/report" })).toContain(
      "Contact: https://example.com/report",
    );
  });

  test("names no web address that is not https, and no mailbox at a bare address", async () => {
    for (const url of ["http://127.0.0.1:4700", "http://[::1]:4700"]) {
      const lines = await text({ publicUrl: () => url });
      expect(lines.join("\n")).not.toContain("http://");
      expect(lines).toContain("Contact: mailto:security@localhost");
    }
  });

  test("is plain text", async () => {
    expect((await get("/.well-known/security.txt")).headers.get("content-type")).toBe("text/plain; charset=utf-8");
  });
});
