import type { Member } from "./member.ts";
import { CATALOGUE_SUBJECT, type Memory, SETTINGS_SUBJECT } from "./memory.ts";
import type { Questions } from "./questions.ts";

const ATTEMPTS = 5;

/** What every decision needs beside the key: the catalogue, and the settings that tell genuine strings from forged ones. */
export class Ground {
  readonly #member: Member;
  readonly #memory: Memory;
  readonly #questions: Questions;
  /** Reads under way, so that each thing is asked for once. */
  readonly #underWay = new Map<string, Promise<boolean>>();

  constructor(member: Member, memory: Memory, questions: Questions) {
    this.#member = member;
    this.#memory = memory;
    this.#questions = questions;
  }

  /** Whether both are in memory now, read where they were not. Never rejects. */
  async ready(): Promise<boolean> {
    const memory = this.#memory;
    if (!memory.hasSettings && !(await this.#once(SETTINGS_SUBJECT, () => this.#askSettings()))) return false;
    return memory.catalogue !== undefined || this.#once(CATALOGUE_SUBJECT, () => this.#askCatalogue());
  }

  #once(subject: string, ask: () => Promise<Answer | null>): Promise<boolean> {
    let reading = this.#underWay.get(subject);
    if (reading === undefined) {
      reading = this.#read(subject, ask).finally(() => this.#underWay.delete(subject));
      this.#underWay.set(subject, reading);
    }
    return reading;
  }

  async #read(subject: string, ask: () => Promise<Answer | null>): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { generation } = this.#member.state;
      const answer = await ask();
      if (answer === null) return false;
      const { state, recent } = this.#member;
      // Asked and kept in one synchronous step: a change that comes after finds it and drops it.
      if (generation !== state.generation || recent.touchedSince(answer.asOfSeq, [subject]) !== "untouched") continue;
      answer.keep();
      return true;
    }
    return false;
  }

  async #askSettings(): Promise<Answer | null> {
    const answer = await this.#questions.ask<"settings">("settings", { kind: "settings" });
    if (answer === null) return null;
    return { asOfSeq: answer.asOfSeq, keep: () => this.#memory.keepSettings(answer.settings) };
  }

  async #askCatalogue(): Promise<Answer | null> {
    const answer = await this.#questions.ask<"catalogue">("catalogue", { kind: "catalogue" });
    if (answer === null) return null;
    return { asOfSeq: answer.asOfSeq, keep: () => this.#memory.keepCatalogue(answer.source) };
  }
}

interface Answer {
  readonly asOfSeq: number;
  keep(): void;
}
