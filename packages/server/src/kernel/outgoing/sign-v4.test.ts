/** What AWS publishes of its test suite for Signature Version 4 (post-vanilla). */
import { expect, test } from "vitest";
import { signV4 } from "./sign-v4.ts";

test("a request is signed as in the published suite", () => {
  const call = {
    ...{ url: new URL("https://example.amazonaws.com/"), region: "us-east-1", service: "service" },
    ...{ headers: {}, body: "", at: new Date("2015-08-30T12:36:00Z") },
  };
  const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  expect(signV4(call, { accessKeyId: "AKIDEXAMPLE", secretAccessKey, sessionToken: null }).authorization).toBe(
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  );
});
