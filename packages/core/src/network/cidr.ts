import type { IpAddress } from "./ip.ts";
export interface Cidr {
  readonly address: IpAddress;
  readonly prefixLength: number;
}
export interface CidrSet {
  contains(ip: string): boolean;
}
export function checkCidr(_text: string): string | null {
  throw new TypeError("not written yet");
}
export function parseCidr(_text: string): Cidr | null {
  throw new TypeError("not written yet");
}
export function cidrContains(_cidr: Cidr, _ip: string | IpAddress): boolean {
  throw new TypeError("not written yet");
}
export function compileCidrs(_list: readonly string[]): CidrSet {
  throw new TypeError("not written yet");
}
