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

/** 32 bits that outsiders do not know. */
export function randomWord(random: Random): number {
  return new DataView(Uint8Array.from(random.bytes(4)).buffer).getInt32(0);
}
