/** Calls the service again and again, with every key that it was given, and holds what is answered against when keys were revoked. */
export class Callers {
  #url;
  /** By key: when its revocation had returned, or null. */
  #keys = new Map();
  #seen = { requests: 0, accepted: 0, refused: 0, unavailable: 0, wrong: 0, lost: 0 };
  #ending = new Set();
  #waiting = new Map();
  #over = false;
  #loops;

  constructor(url) {
    this.#url = url;
    this.#loops = Array.from({ length: 4 }, () => this.#loop());
  }

  /** From now on this key is used as well; resolves once it was accepted. */
  use(secret) {
    this.#keys.set(secret, null);
    return new Promise((resolve) => this.#waiting.set(secret, resolve));
  }

  /** Its revocation is about to begin: from now on it may be refused. */
  ending(secret) {
    this.#ending.add(secret);
  }

  /** Its revocation has just returned. It goes on being used. */
  revoked(secret) {
    this.#keys.set(secret, performance.now());
  }

  async askOnce(secret) {
    const began = performance.now();
    const { status } = await this.#send(secret);
    this.#judge(secret, began, status);
  }

  async stop() {
    this.#over = true;
    await Promise.all(this.#loops);
    return this.#seen;
  }

  async #loop() {
    while (!this.#over) {
      // The newest most often: of the old ones, all of them in turn.
      for (const secret of [...this.#keys.keys()].reverse()) {
        await this.askOnce(secret);
        if (this.#over) return;
      }
      // A turn of the event loop, also where there is no key yet.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async #send(secret) {
    const answer = await fetch(`${this.#url}/contacts`, { headers: { Authorization: `Bearer ${secret}` } });
    await answer.arrayBuffer();
    return answer;
  }

  /** The promise is about requests that began after the revocation had returned; those before it may go either way. */
  #judge(secret, began, status) {
    const seen = this.#seen;
    const revokedAt = this.#keys.get(secret);
    seen.requests += 1;
    if (status === 503) seen.unavailable += 1;
    else if (status === 401 && revokedAt === null && !this.#ending.has(secret)) seen.lost += 1;
    else if (status === 401) seen.refused += 1;
    else if (status === 200) {
      seen.accepted += 1;
      if (revokedAt !== null && began > revokedAt) seen.wrong += 1;
      this.#waiting.get(secret)?.();
    }
  }
}
