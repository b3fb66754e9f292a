import { claviger } from "../../../claviger.js";

/** The API, for those who manage keys. */
const handle = async (request) => (await claviger()).fetch(request);

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
