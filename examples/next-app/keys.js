import { createVerifier } from "@claviger/sdk";
import { nextKeys } from "@claviger/sdk/next";

const { CLAVIGER_URL = "http://127.0.0.1:4700", CLAVIGER_CREDENTIAL = "" } = process.env;

/** Made when the first request comes, and not while the application is built. */
const verifier = () =>
  createVerifier({ url: CLAVIGER_URL, credential: CLAVIGER_CREDENTIAL, environment: "live", mode: "remote" });

/** The route map decides what a key may do. */
export const withKeys = nextKeys(verifier, { realm: "contacts" });
