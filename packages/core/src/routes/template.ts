/** One segment of a template: a literal, one segment of any value, or the whole rest. */
export type TemplateSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "rest"; readonly name: string };

const MAX_TEMPLATE_LENGTH = 512;
const METHOD = /^[A-Z][A-Z0-9_-]{0,31}$/;
const LITERAL = /^[A-Za-z0-9._~!$&'()+,=:@-]+$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/**
 * Says what is wrong with a route, or null. The method is in upper case, or `*` for any. The path is absolute, its
 * segments literals, `{name}` for one segment, or `{name*}` at the end for what is left, which may be nothing.
 */
export function checkRouteTemplate(method: string, path: string): string | null {
  if (typeof method !== "string" || (method !== "*" && !METHOD.test(method))) {
    return "a method is written in upper case, or * for any";
  }
  const segments = parseTemplate(path);
  return typeof segments === "string" ? segments : null;
}

/**
 * The route without the names of its parameters, such as `GET /contacts/{}`: two routes with the same shape are the
 * same route. Good for a unique index.
 *
 * @throws TypeError if the route is not in order, see `checkRouteTemplate`
 */
export function routeShape(method: string, path: string): string {
  const wrong = checkRouteTemplate(method, path);
  if (wrong !== null) throw new TypeError(wrong);
  const segments = parseTemplate(path);
  if (typeof segments === "string") throw new TypeError(segments);
  return `${method} /${segments.map(shapeOf).join("/")}`;
}

function shapeOf(segment: TemplateSegment): string {
  switch (segment.kind) {
    case "literal":
      return segment.text;
    case "parameter":
      return "{}";
    case "rest":
      return "{*}";
  }
}

/** The segments of a template, or a sentence that says what is wrong with it. */
export function parseTemplate(path: string): readonly TemplateSegment[] | string {
  if (typeof path !== "string" || !path.startsWith("/")) return "a path starts with /";
  if (path.length > MAX_TEMPLATE_LENGTH) return `a path has at most ${MAX_TEMPLATE_LENGTH} characters`;
  if (path === "/") return [];
  const texts = path.slice(1).split("/");
  if (texts.at(-1) === "") texts.pop();
  const segments: TemplateSegment[] = [];
  const names = new Set<string>();
  for (const [index, text] of texts.entries()) {
    const segment = parseSegment(text);
    if (typeof segment === "string") return segment;
    if (segment.kind === "rest" && index < texts.length - 1) return `${text} may only be the last segment`;
    if (segment.kind !== "literal") {
      if (names.has(segment.name)) return `the parameter ${segment.name} comes twice`;
      names.add(segment.name);
    }
    segments.push(segment);
  }
  return segments;
}

function parseSegment(text: string): TemplateSegment | string {
  if (text === "") return "a path has no empty segments";
  if (text === "." || text === "..") return "a path has no dot segments";
  if (text.startsWith("{") && text.endsWith("}")) {
    const rest = text.endsWith("*}");
    const name = text.slice(1, rest ? -2 : -1);
    if (!NAME.test(name)) return "a parameter is written {name}, its name in letters, digits and underscores";
    return rest ? { kind: "rest", name } : { kind: "parameter", name };
  }
  if (text.startsWith(":")) return "a parameter is written {name}, not :name";
  if (text.includes("*")) return "the rest of a path is written {name*}, as the last segment";
  if (text.includes("{") || text.includes("}")) return "a parameter fills its whole segment";
  if (!LITERAL.test(text)) return "a segment has letters, digits and - . _ ~ ! $ & ' ( ) + , = : @ only";
  return { kind: "literal", text };
}
