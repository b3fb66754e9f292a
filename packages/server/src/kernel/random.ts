import { randomBytes, randomUUID } from "node:crypto";

/** The only source of randomness. `bytes` comes from the operating system's CSPRNG. */
export interface Random {
  bytes(count: number): Uint8Array;
  uuid(): string;
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
};
