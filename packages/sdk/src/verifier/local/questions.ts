import type { NodeMessage, VerifierMessage } from "@claviger/core";

/** A message that is answered under its id. */
export type Question = Extract<VerifierMessage, { readonly id: number }>;
/** An answer to it; `null` where there will be none: the connection ended, it took too long, or the node cannot tell now. */
export type AnswerOf<K extends NodeMessage["kind"]> = Extract<
  NodeMessage,
  { readonly kind: K; readonly id: number }
> | null;

interface Open {
  readonly kind: NodeMessage["kind"];
  readonly settle: (answer: NodeMessage | null) => void;
  readonly timer: NodeJS.Timeout;
}

export interface QuestionsPorts {
  send(message: VerifierMessage): boolean;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Without the id, which is given here. */
type Unnumbered<Q> = Q extends { readonly id: number } ? Omit<Q, "id"> : never;

/** Pairs answers with questions. A question lives on one connection; who still wants to know asks anew on the next. */
export class Questions {
  readonly #ports: QuestionsPorts;
  readonly #open = new Map<number, Open>();
  #last = 0;

  constructor(ports: QuestionsPorts) {
    this.#ports = ports;
  }

  /** Never rejects. */
  ask<K extends NodeMessage["kind"]>(kind: K, question: Unnumbered<Question>): Promise<AnswerOf<K>> {
    this.#last += 1;
    const id = this.#last;
    if (!this.#ports.send({ ...question, id } as Question)) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(id, null), this.#ports.timeoutMs);
      timer.unref();
      this.#open.set(id, { kind, timer, settle: (answer) => resolve(answer as AnswerOf<K>) });
    });
  }

  /** Whether the message answered a question. */
  answered(message: NodeMessage): boolean {
    if (!("id" in message)) return false;
    const open = this.#open.get(message.id);
    if (open === undefined) return true;
    this.#settle(message.id, message.kind === open.kind ? message : null);
    return true;
  }

  /** The connection is gone, and so are its answers. */
  dropAll(): void {
    for (const id of [...this.#open.keys()]) this.#settle(id, null);
  }

  #settle(id: number, answer: NodeMessage | null): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    clearTimeout(open.timer);
    open.settle(answer);
  }
}
