import { nextKeys } from "@claviger/sdk/next";
import { claviger } from "../../claviger.js";

/** Reached only with a key that may, verified in this process: the route map decides, by method and path. */
const withKeys = nextKeys(claviger, { realm: "contacts" });

export const GET = withKeys((_request, key) => Response.json({ account: key.account, contacts: [] }));
