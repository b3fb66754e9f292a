export function checkScopeName(_name: string): string | null {
  throw new TypeError("not written yet");
}
export function checkGrantedScope(_name: string): string | null {
  throw new TypeError("not written yet");
}
export function isWildcard(_name: string): boolean {
  throw new TypeError("not written yet");
}
