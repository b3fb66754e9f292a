import { type Condition, fillVerdict, mayJoinLookup, type RefusalCode } from "@claviger/core";
import type { Member } from "./member.ts";
import { hashOf, type Memory, TABLE_ENCODING } from "./memory.ts";
import type { Questions } from "./questions.ts";

/** What became of it: the key is in memory now; or the answer; or a node must be asked for the verdict, also where it did not answer. */
export type LookUp = "held" | "ask" | "unanswered" | RefusalCode;

interface UnderWay {
  readonly generation: number;
  readonly outcome: Promise<LookUp>;
}

/** A key that changes while it is read is read again, so often at most. */
const ATTEMPTS = 5;
const NO_CONDITIONS: readonly Condition[] = [];

/** Reads keys into memory, each once however many verifications wait for it. */
export class LookUps {
  readonly #member: Member;
  readonly #memory: Memory;
  readonly #questions: Questions;
  readonly #underWay = new Map<string, UnderWay>();
  readonly #most: number;
  readonly #held: (wireHash: string) => void;

  /** `most`: keys asked for at a time, at most. `held` is told of each key that is read into memory. */
  constructor(member: Member, memory: Memory, questions: Questions, most: number, held: (wireHash: string) => void) {
    this.#member = member;
    this.#memory = memory;
    this.#questions = questions;
    this.#most = most;
    this.#held = held;
  }

  /** Never rejects. */
  find(secret: string): Promise<LookUp> {
    return this.#find(this.#memory.wireHashOf(secret), hashOf(secret));
  }

  /** The key of a SHA-256 in base64url. Never rejects. */
  findHash(wireHash: string): Promise<LookUp> {
    return this.#find(wireHash, Buffer.from(wireHash, "base64url").toString(TABLE_ENCODING));
  }

  #find(wireHash: string, tableHash: string): Promise<LookUp> {
    const known = this.#underWay.get(wireHash);
    if (known !== undefined && mayJoinLookup(this.#member.state, known.generation, this.#member.now())) {
      return known.outcome;
    }
    if (this.#underWay.size >= this.#most) return Promise.resolve("UNAVAILABLE");
    const entry: UnderWay = {
      generation: this.#member.state.generation,
      outcome: this.#read(wireHash, tableHash).finally(() => {
        if (this.#underWay.get(wireHash) === entry) this.#underWay.delete(wireHash);
      }),
    };
    this.#underWay.set(wireHash, entry);
    return entry.outcome;
  }

  async #read(wireHash: string, tableHash: string): Promise<LookUp> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { generation } = this.#member.state;
      const answer = await this.#questions.ask<"record">("record", { kind: "lookup", hash: wireHash });
      // The connection may just be on its way to another node, which can be asked meanwhile.
      if (answer === null) return "unanswered";
      if (answer.outcome === "ask") return "ask";
      const entry = answer.outcome === "entry" ? answer.entry : null;
      const fill = {
        ...{ generation, asOfSeq: answer.asOfSeq, own: true },
        subjects: entry?.record.subjects ?? [],
        conditions: entry?.conditions ?? NO_CONDITIONS,
      };
      const verdict = fillVerdict(this.#member.state, fill, this.#member.recent, this.#member.now());
      if (verdict === "again") continue;
      if (verdict === "none") return "UNAVAILABLE";
      if (answer.outcome === "refused") return answer.code;
      // Without a lease of its own this process decides on nothing; the node can.
      if (verdict !== "keep") return "ask";
      this.#memory.keepKey(tableHash, wireHash, answer.entry);
      this.#held(wireHash);
      return "held";
    }
    return "ask";
  }
}
