import pg from "pg";
import { type ConnectionConfig, clientConfig } from "./database.ts";

/**
 * Removes the rows of nodes, so that nobody waits for their leases. Only for whoever knows that none of them lives: the lock on
 * an embedded database's directory says so, since no other process can hold a connection to it. Rows of nodes that lent
 * leases stay until they lapse, because verifiers in other processes outlive their node. pg errors pass through.
 */
export async function forgetNodes(owner: ConnectionConfig): Promise<void> {
  const client = new pg.Client(clientConfig(owner));
  await client.connect();
  try {
    await client.query("DELETE FROM claviger.node WHERE NOT lends");
  } finally {
    await client.end();
  }
}
