import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRouteTemplate, compileRoutes, type RouteMap, routeShape } from "./index.ts";

const map = compileRoutes([
  { method: "GET", path: "/", scope: "root:read" },
  { method: "GET", path: "/contacts", scope: "contacts:read" },
  { method: "POST", path: "/contacts", scope: "contacts:write" },
  { method: "GET", path: "/contacts/{id}", scope: "contacts:read" },
  { method: "POST", path: "/contacts/{id}", scope: "contacts:write" },
  { method: "GET", path: "/contacts/export", scope: "contacts:export" },
  { method: "GET", path: "/contacts/{id}/notes/{note}", scope: "notes:read" },
  { method: "*", path: "/admin/{rest*}", scope: "admin:all" },
  { method: "GET", path: "/{page}", scope: "pages:read" },
  { method: "GET", path: "/{page}/{rest*}", scope: "pages:read" },
  { method: "HEAD", path: "/contacts", scope: "contacts:count" },
]);
const scopeOf = (method: string, path: string, routes: RouteMap = map) => routes.match(method, path)?.scope ?? null;

describe("matching (B3)", () => {
  test("a literal beats a parameter beats the rest, segment by segment from the left", () => {
    expect(map.match("GET", "/contacts/export")).toEqual({ template: "/contacts/export", scope: "contacts:export" });
    expect(map.match("GET", "/contacts/42")).toEqual({ template: "/contacts/{id}", scope: "contacts:read" });
    expect(scopeOf("GET", "/contacts/42/notes/7")).toBe("notes:read");
    expect(scopeOf("GET", "/about/x/y")).toBe("pages:read");
    expect(scopeOf("GET", "/")).toBe("root:read");
  });

  test("a more specific path for any method beats a vaguer one for exactly this method", () => {
    expect(scopeOf("GET", "/admin/users")).toBe("admin:all");
    expect(scopeOf("GET", "/admin")).toBe("admin:all");
    expect(scopeOf("PURGE", "/admin/a/b/c")).toBe("admin:all");
  });

  test("only templates that take the method compete; HEAD falls back to GET", () => {
    expect(scopeOf("POST", "/contacts/export")).toBe("contacts:write");
    expect(scopeOf("HEAD", "/contacts/42")).toBe("contacts:read");
    expect(scopeOf("HEAD", "/contacts")).toBe("contacts:count");
    expect(scopeOf("DELETE", "/contacts/42")).toBeNull();
    expect(scopeOf("get", "/contacts")).toBe("contacts:read");
    expect(map.resolve("DELETE", "/contacts/42")).toBe("unmapped");
  });

  test("a trailing slash and a query make no difference", () => {
    for (const path of ["/contacts", "/contacts/", "/contacts?x=/admin", "/contacts/?a#b"]) {
      expect(scopeOf("GET", path)).toBe("contacts:read");
    }
  });

  test("a fragment, which belongs into no request, makes a path ambiguous", () => {
    for (const path of ["/contacts#", "/contacts#/../admin", "/#/contacts", "/contacts/#?a"]) {
      expect(map.resolve("GET", path), path).toBe("ambiguous");
    }
  });

  test("segments are decoded once before they are compared", () => {
    expect(scopeOf("GET", "/%63ontacts/%65xport")).toBe("contacts:export");
    expect(scopeOf("GET", "/%61dmin/x")).toBe("admin:all");
    expect(scopeOf("GET", "/contacts/J%C3%B6rg")).toBe("contacts:read");
  });

  test("the order in which routes are given changes nothing", () => {
    const routes = [
      { method: "GET", path: "/a/{x}/c", scope: "s:1" },
      { method: "GET", path: "/{y}/b/d", scope: "s:2" },
      { method: "GET", path: "/{y}/{rest*}", scope: "s:3" },
      { method: "*", path: "/a/b/{z}", scope: "s:4" },
      { method: "GET", path: "/a/{w}/c", scope: "s:1" },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(routes, { minLength: 5 }), (shuffled) => {
        const compiled = compileRoutes(shuffled);
        expect(compiled.match("GET", "/a/b/c")).toEqual({ template: "/a/b/{z}", scope: "s:4" });
        expect(compiled.match("GET", "/a/q/c")).toEqual({ template: "/a/{w}/c", scope: "s:1" });
        expect(scopeOf("GET", "/q/b/d", compiled)).toBe("s:2");
        expect(scopeOf("GET", "/a/q/d", compiled)).toBe("s:3");
      }),
    );
  });

  test("a route that two scopes claim opens for neither", () => {
    const contested = compileRoutes([
      { method: "GET", path: "/a/{x}", scope: "a:read" },
      { method: "GET", path: "/a/{y}", scope: "b:read" },
    ]);
    expect(contested.match("GET", "/a/1")).toEqual({ template: "/a/{x}", scope: "" });
  });
});

describe("paths that programs read differently are refused", () => {
  const ambiguous = [
    "",
    "contacts",
    "*",
    "http://host/contacts",
    "//contacts",
    "/contacts//",
    "/contacts//export",
    "/./contacts",
    "/contacts/..",
    "/x/../admin",
    "/contacts/.",
    "/%2e%2e/admin",
    "/.%2E/admin",
    "/%2e/admin",
    "/contacts%2Fexport",
    "/contacts%2fexport",
    "/contacts%5Cexport",
    "/contacts\\export",
    "/contacts/%00",
    "/contacts/a%0d%0ab",
    "/contacts/a\r\nb",
    "/contacts/\u0000",
    "/contacts/a b",
    "/contacts;x=1",
    "/admin;/x",
    "/contacts/a%3Bb",
    "/contacts/%",
    "/contacts/%2",
    "/contacts/%zz",
    "/contacts/%c0%af",
    "/contacts/%ff",
    "/contacts/%ed%a0%80",
    "/contacts/%252e%252e",
    "/contacts/%25%32%66",
    "/contacts/J\u00f6rg",
    "/contacts/%7f",
    "/contacts/%c2%85",
    `/${"a".repeat(2048)}`,
    "/Admin/users",
    "/ADMIN",
    "/contacts/Export",
  ];
  test.each(ambiguous)("%j", (path) => {
    expect(map.match("GET", path)).toBeNull();
    expect(map.resolve("GET", path)).toBe("ambiguous");
  });

  test("a path of exactly 2048 characters is read, and a long query does not count", () => {
    expect(scopeOf("GET", `/contacts/${"a".repeat(2048 - 10)}?${"q".repeat(9999)}`)).toBe("contacts:read");
  });

  test("a method that is none matches nothing, not even routes for any method", () => {
    for (const method of ["", "*", "GET /x", "G\nET", "x".repeat(33)])
      expect(map.resolve(method, "/admin")).toBe("ambiguous");
  });

  test("names of built-in properties are ordinary segments", () => {
    const small = compileRoutes([{ method: "GET", path: "/a", scope: "a:read" }]);
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(small.resolve("GET", `/${name}`)).toBe("unmapped");
      expect(small.resolve(name, "/a")).toBe(name.startsWith("_") ? "ambiguous" : "unmapped");
    }
  });

  test("it answers for any input and throws for none", () => {
    const binary = fc.string({ unit: "binary" });
    const answers = (method: unknown, path: unknown) => map.match(method as string, path as string) !== undefined;
    fc.assert(fc.property(binary, binary, (method, path) => answers(method, `/${path}`)));
    fc.assert(fc.property(fc.anything(), fc.anything(), answers));
  });

  test("no way of writing a path reaches the scope of another handler", () => {
    // What a tolerant backend may serve: decode repeatedly, fold case, resolve dots and slashes.
    const tolerant = (target: string, end: RegExp): string => {
      let path = (target.split(end)[0] ?? "").toLowerCase();
      for (let i = 0; i < 3; i++) {
        try {
          path = decodeURIComponent(path);
        } catch {
          break;
        }
      }
      path = path.replaceAll("\\", "/").replace(/;[^/]*/g, "");
      const kept: string[] = [];
      for (const segment of path.split("/")) {
        if (segment === "..") kept.pop();
        else if (segment !== "" && segment !== ".") kept.push(segment);
      }
      return `/${kept.join("/")}`;
    };
    const pieces = fc.constantFrom(
      "admin",
      "Admin",
      "%61dmin",
      "%2561dmin",
      "x",
      "..",
      ".",
      "%2e%2e",
      "%2F",
      "/",
      "//",
      "\\",
      "%5c",
      ";",
      ";a=b",
      "%3b",
      "?",
      "#",
      "contacts",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 7 }), (parts) => {
        const path = `/${parts.join("")}`;
        const found = map.match("GET", path);
        for (const end of [/[?#]/, /[?]/]) {
          if (found !== null && /^\/admin(\/|$)/.test(tolerant(path, end))) expect(found.scope).toBe("admin:all");
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe("templates", () => {
  test("well-formed routes pass", () => {
    for (const path of [
      "/",
      "/contacts",
      "/contacts/",
      "/contacts/{id}",
      "/v1/things:batch",
      "/files/{path*}",
      "/a.b/~c/@me",
    ]) {
      expect(checkRouteTemplate("GET", path)).toBeNull();
    }
    expect(checkRouteTemplate("*", "/a")).toBeNull();
  });

  test("everything else is refused with a sentence", () => {
    const wrong = [
      "",
      "a",
      "//",
      "/a//b",
      "/a/../b",
      "/.",
      "/{}",
      "/{a b}",
      "/{x*}/y",
      "/{x}/{x}",
      "/:id",
      "/*",
      "/a{b}",
      "/a%20b",
      "/a;b",
      "/a?b",
      "/a#b",
      "/é",
      "/a\\b",
      `/${"a".repeat(512)}`,
    ];
    for (const path of wrong) expect(checkRouteTemplate("GET", path)).toMatch(/./);
    for (const method of ["get", "", "GET ", "G*"]) expect(checkRouteTemplate(method, "/a")).toMatch(/./);
    expect(() => compileRoutes([{ method: "GET", path: "a", scope: "a:b" }])).toThrow(TypeError);
  });

  test("two spellings of one route have the same shape", () => {
    expect(routeShape("GET", "/a/{x}/{y*}")).toBe("GET /a/{}/{*}");
    expect(routeShape("GET", "/a/{id}/")).toBe(routeShape("GET", "/a/{other}"));
    expect(routeShape("GET", "/a/id")).not.toBe(routeShape("GET", "/a/{id}"));
    expect(() => routeShape("GET", "a")).toThrow(TypeError);
  });
});
