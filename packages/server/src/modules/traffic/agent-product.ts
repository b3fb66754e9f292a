/** What made a request, without its version and system: the user agent is a caller's own text, and this bounds what is kept of it. */
export interface AgentProduct {
  /** Such as `curl`, `python-requests` or `Chrome`: 1 to 40 letters, digits, `.`, `_`, `-`, and blanks in names of our own. */
  readonly product: string;
  readonly browser: boolean;
}

/** Marks that browsers leave, the telling ones first: nearly all name Safari and Chrome as well. */
const BROWSERS: readonly (readonly [mark: string, product: string])[] = [
  ["Edg/", "Edge"],
  ["EdgA/", "Edge"],
  ["EdgiOS/", "Edge"],
  ["OPR/", "Opera"],
  ["Vivaldi/", "Vivaldi"],
  ["YaBrowser/", "Yandex Browser"],
  ["SamsungBrowser/", "Samsung Internet"],
  ["FxiOS/", "Firefox"],
  ["Firefox/", "Firefox"],
  ["CriOS/", "Chrome"],
  ["HeadlessChrome/", "Chrome"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
];
const COMPATIBLE = /\(compatible; ([A-Za-z][A-Za-z0-9._-]{0,39})/;
/** The first product of a user agent as RFC 9110 writes it. */
const FIRST = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}(?=[/\s(;,]|$)/;
const READ_AT_MOST = 200;
/** For what names no product. */
const UNNAMED = "unnamed";

export function productOf(agent: string): AgentProduct {
  const text = agent.slice(0, READ_AT_MOST).trim();
  if (!text.startsWith("Mozilla/")) return { product: FIRST.exec(text)?.[0] ?? UNNAMED, browser: false };
  const robot = COMPATIBLE.exec(text)?.[1];
  if (robot !== undefined && robot !== "MSIE") return { product: robot, browser: false };
  const known = BROWSERS.find(([mark]) => text.includes(mark));
  if (known !== undefined) return { product: known[1], browser: true };
  return robot === "MSIE" || text.includes("Trident/")
    ? { product: "Internet Explorer", browser: true }
    : { product: "Mozilla", browser: false };
}
