/** For route handlers of Next.js, which are Web-standard `fetch` handlers. */
export { fetchKeys as nextKeys } from "./fetch.ts";
