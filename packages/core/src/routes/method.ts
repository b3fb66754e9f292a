/**
 * An HTTP method in upper case, or null if it has other characters than a method may have or more than 32 of them.
 * Only ASCII letters are changed: `toUpperCase` turns some letters of other scripts into ASCII ones. Takes anything.
 */
export function normalMethod(method: unknown): string | null {
  switch (method) {
    case "GET":
    case "HEAD":
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
      return method;
  }
  return typeof method === "string" && /^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(method) ? method.toUpperCase() : null;
}
