import { withKeys } from "../../../keys.js";

/** What Next.js hands on comes after the key. */
export const GET = withKeys(async (_request, key, { params }) => {
  const { id } = await params;
  return Response.json({ account: key.account, id });
});
