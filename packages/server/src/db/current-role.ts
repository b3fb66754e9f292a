import pg from "pg";
import { clientConfig } from "./database.ts";

/** The role that a connection logs in as. pg errors pass through. */
export async function currentRole(connection: pg.ClientConfig): Promise<string> {
  const client = new pg.Client(clientConfig(connection));
  await client.connect();
  try {
    const result = await client.query<{ role: string }>("SELECT session_user AS role");
    return result.rows[0]?.role ?? "";
  } finally {
    await client.end();
  }
}
