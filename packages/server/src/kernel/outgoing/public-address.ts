import { BlockList, isIP } from "node:net";

/** What IANA sets aside, and where clouds answer their own machines. */
const RESERVED_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "168.63.129.16/32",
];
/** Within 2000::/3: protocol assignments with Teredo, documentation, 6to4, which carries an address of version 4. */
const RESERVED_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
/** All of version 6 that is handed out. Mapped addresses, NAT64, loopback, link-local, private and multicast lie outside. */
const GLOBAL_V6 = ["2000::/3"];

const listOf = (ranges: readonly string[], family: "ipv4" | "ipv6"): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits = ""] = range.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};
const reservedV4 = listOf(RESERVED_V4, "ipv4");
const reservedV6 = listOf(RESERVED_V6, "ipv6");
const globalV6 = listOf(GLOBAL_V6, "ipv6");

/** Whether an IP address is one of the public internet. False for whatever is no address, or has a zone. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !reservedV4.check(address, "ipv4");
    case 6:
      return !address.includes("%") && globalV6.check(address, "ipv6") && !reservedV6.check(address, "ipv6");
    default:
      return false;
  }
}
