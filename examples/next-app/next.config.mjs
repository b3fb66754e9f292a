import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The SDK is linked from this repository; with the published package neither line is needed. */
export default {
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
};
