import type { NodeMessage, VerifierMessage } from "@claviger/core";
import type { Process, World } from "./world.ts";

/** The way between two places: how slow it is, and whether it is cut. */
export class Link {
  readonly world: World;
  /** The longest that a message takes, in milliseconds. */
  longest: number;
  #cutUntil = 0;

  constructor(world: World, longest: number) {
    this.world = world;
    this.longest = longest;
  }

  get isCut(): boolean {
    return this.world.now < this.#cutUntil;
  }

  cut(ms: number): void {
    this.#cutUntil = Math.max(this.#cutUntil, this.world.now + ms);
  }

  delay(): number {
    const { dice } = this.world;
    // Mostly quick, now and then slow.
    return dice.chance(0.1) ? dice.between(0, this.longest) : dice.between(0, this.longest / 10);
  }
}

interface End<T> {
  readonly process: Process;
  readonly onMessage: (message: T) => void;
  readonly onClosed: () => void;
}

/**
 * One connection: two ordered streams. What is under way when it breaks is lost, and each end hears of that in its own
 * time; until then it goes on as if nothing had happened.
 */
export class Connection {
  readonly #link: Link;
  readonly #verifier: End<NodeMessage>;
  readonly #node: End<VerifierMessage>;
  #broken = false;
  #toNode = 0;
  #toVerifier = 0;

  constructor(link: Link, verifier: End<NodeMessage>, node: End<VerifierMessage>) {
    this.#link = link;
    this.#verifier = verifier;
    this.#node = node;
  }

  sendToNode(message: VerifierMessage): void {
    this.#toNode = this.#carry(this.#toNode, this.#node.process, () => this.#node.onMessage(message));
  }

  sendToVerifier(message: NodeMessage): void {
    this.#toVerifier = this.#carry(this.#toVerifier, this.#verifier.process, () => this.#verifier.onMessage(message));
  }

  /** Both ends hear of it, the other one after what was sent before. */
  closeByVerifier(): void {
    this.#toNode = this.#carry(this.#toNode, this.#node.process, () => this.break());
  }

  closeByNode(): void {
    this.#toVerifier = this.#carry(this.#toVerifier, this.#verifier.process, () => this.break());
  }

  /** Neither end hears anything any more but that, sooner or later, it is closed. */
  break(): void {
    if (this.#broken) return;
    this.#broken = true;
    const { world } = this.#link;
    for (const { process, onClosed } of [this.#verifier, this.#node]) {
      const noticed = world.dice.chance(0.2) ? world.dice.between(0, 3_000) : world.dice.between(0, 50);
      world.after(noticed, () => process.receive(onClosed));
    }
  }

  #carry(last: number, process: Process, deliver: () => void): number {
    const { world } = this.#link;
    if (this.#broken) return last;
    if (this.#link.isCut) {
      this.break();
      return last;
    }
    const at = Math.max(last, world.now + this.#link.delay());
    world.after(at - world.now, () => {
      if (this.#broken) return;
      // A process that stands still has received it all the same.
      process.receive(deliver);
    });
    return at;
  }
}
