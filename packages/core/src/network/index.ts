export { type Cidr, type CidrSet, checkCidr, cidrContains, compileCidrs, parseCidr } from "./cidr.ts";
export { type IpAddress, parseIp } from "./ip.ts";
export {
  checkReferrerPattern,
  compileReferrers,
  matchesReferrer,
  type ReferrerSet,
  type RequestSource,
} from "./referrer.ts";
