export function checkRouteTemplate(_method: string, _path: string): string | null {
  throw new TypeError("not written yet");
}
export function routeShape(_method: string, _path: string): string {
  throw new TypeError("not written yet");
}
