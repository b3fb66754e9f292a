/** What every door that takes a key over HTTP does alike: service and middlewares. Headers are handed in; nothing is sent from here. */
export { forNginx, type OriginalRequest, originalRequest } from "./forward-auth.ts";
export { type HeaderReader, type Presented, presentedKey } from "./presented-key.ts";
export { problemHeaders, problemType } from "./problem-document.ts";
export { createSourceAddress, type SourceAddress } from "./source-address.ts";
