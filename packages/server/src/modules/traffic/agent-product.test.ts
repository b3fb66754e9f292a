import { seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import { productOf } from "./agent-product.ts";
import { networkOf } from "./network-of.ts";

const WEBKIT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  ["curl/8.5.0", "curl", false],
  ["python-requests/2.31.0", "python-requests", false],
  ["Go-http-client/1.1", "Go-http-client", false],
  ["axios/1.6.2", "axios", false],
  ["okhttp/4.12.0 (Android)", "okhttp", false],
  ["node", "node", false],
  [`${WEBKIT} Chrome/126.0.0.0 Safari/537.36`, "Chrome", true],
  [`${WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0`, "Edge", true],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox", true],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "Safari", true],
  ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", false],
  ["Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer", true],
  ["Mozilla/4.0 (compatible; MSIE 8.0)", "Internet Explorer", true],
  ["", "unnamed", false],
  ["   ", "unnamed", false],
  ["=cmd|' /C calc'!A0", "unnamed", false],
  ["\u0000\u0001", "unnamed", false],
])("the product of %j is %s", (agent, product, browser) => {
  expect(productOf(agent)).toEqual({ product, browser });
});

test("whatever a caller writes, what is kept of it is short and plain", (context) => {
  const random = seededRandom(context);
  for (let round = 0; round < 2_000; round += 1) {
    const length = random.int(300);
    const agent = Array.from({ length }, () => String.fromCharCode(random.int(0x250))).join("");
    expect(productOf(random.int(2) === 0 ? agent : `Mozilla/5.0 (compatible; ${agent}`).product).toMatch(
      /^[A-Za-z0-9._ -]{1,40}$/,
    );
  }
});

test.each([
  ["203.0.113.77", "203.0.113.77", "203.0.113.0/24"],
  ["::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0/24"],
  ["2001:DB8:aaaa:bbbb::1", "2001:db8:aaaa:bbbb:0:0:0:1", "2001:db8:aaaa::/48"],
  ["::1", "0:0:0:0:0:0:0:1", "0:0:0::/48"],
  ["255.255.255.255", "255.255.255.255", "255.255.255.0/24"],
])("%s is %s of %s", (text, ip, network) => {
  expect(networkOf(text)).toEqual({ ip, network });
});

test.each(["", "localhost", "1.2.3", "1.2.3.4:80", "fe80::1%eth0"])("%j is no address", (text) => {
  expect(networkOf(text)).toBeNull();
});
