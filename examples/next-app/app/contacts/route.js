import { withKeys } from "../../keys.js";

export const GET = withKeys((_request, key) => Response.json({ account: key.account, contacts: [] }));

export const POST = withKeys(async (request, key) => {
  const { name } = await request.json();
  return Response.json({ account: key.account, name }, { status: 201 });
});
