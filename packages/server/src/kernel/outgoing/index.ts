/** Calls to receivers outside that somebody named: nobody can make the service call what is inside. */
export {
  createPostOutside,
  type OutsideOptions,
  type PostOutside,
  type ResolveName,
  refusedUrl,
  resolveName,
} from "./post-outside.ts";
