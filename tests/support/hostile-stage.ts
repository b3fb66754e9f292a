/**
 * A node as a process of its own, an honest verifier in another one, and a client of the verifier stream that means harm or
 * is broken, with a credential of its own. Whatever that one does: the honest verifier keeps its lease and answers, an act
 * that takes something away returns within its bound, and the node's memory stays bounded.
 */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { LEASE_MARGIN_MS, usableSpan } from "@claviger/core";
import {
  issueManagementKey,
  type MadeKey,
  type RawVerifier,
  type RawVerifierOptions,
  rawVerifier,
  type TestDatabase,
  testDatabase,
  type VerifierProcess,
  waitFor,
} from "@claviger/testkit";
import { expect } from "vitest";
import { VerifierCluster } from "./verifier-cluster.ts";

const TERM_MS = 3_000;
/** A verifier that never answers costs its lease, the drift of clocks, and the look that finds it. */
export const LONGEST_MS = TERM_MS * 1.25;
/** What an act takes at most where nobody's lease has to run out; it is milliseconds where the machine has nothing else to do. */
export const PROMPT_MS = TERM_MS * 0.6;
/** By how much the node's resident memory may be above what it was before. */
const MEMORY_BYTES = 256 * 2 ** 20;

export class HostileStage {
  readonly cluster: VerifierCluster;
  readonly #database: TestDatabase;
  readonly #raw: RawVerifier[] = [];
  readonly #sockets: Duplex[] = [];
  #honest: VerifierProcess | null = null;
  #memory = 0;
  hostile: MadeKey = { id: "", secret: "" };

  private constructor(database: TestDatabase) {
    this.#database = database;
    this.cluster = new VerifierCluster({ database, termMs: TERM_MS, nodes: 1 });
  }

  static async open(): Promise<HostileStage> {
    const stage = new HostileStage(await testDatabase());
    const { cluster } = stage;
    await cluster.start();
    // A busy machine answers late; that is not what is looked for.
    stage.#honest = await cluster.addVerifier([cluster.node(0).url], { timeoutMs: 20_000 });
    await stage.newCredential();
    // Once all of it has run, so that memory is compared with that of a node at work.
    await stage.beside(async () => undefined, PROMPT_MS);
    stage.#memory = stage.memory();
    return stage;
  }

  get url(): string {
    return this.cluster.node(0).url;
  }

  /** A credential that nothing is held against. */
  async newCredential(): Promise<void> {
    this.hostile = await issueManagementKey(this.cluster.on(0), ["verify"]);
  }

  /** Resident memory of the node's process, in bytes. */
  memory(): number {
    const status = readFileSync(`/proc/${this.cluster.node(0).pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
  }

  /** Connections of verifiers that the node holds, the honest one's among them. */
  async connections(): Promise<number> {
    const { text } = await this.cluster.on(0).get("/metrics");
    return Number(/^claviger_verifier_connections (\d+)$/m.exec(text)?.[1]);
  }

  /** A connection of the hostile client. */
  async connect(options: Partial<RawVerifierOptions> = {}): Promise<RawVerifier> {
    const verifier = await rawVerifier({ url: this.url, credential: this.hostile.secret, ...options });
    this.#raw.push(verifier);
    return verifier;
  }

  /** The same, greeted. */
  async greeted(options: Partial<RawVerifierOptions> = {}): Promise<RawVerifier> {
    const verifier = await this.connect(options);
    expect(await verifier.greet()).toMatchObject({ kind: "welcome" });
    return verifier;
  }

  /** The same, with a lease that may be used until then, by this process's monotonic clock. */
  async leased(options: Partial<RawVerifierOptions> = {}): Promise<RawVerifier & { readonly usableUntil: number }> {
    const verifier = await this.greeted(options);
    const asked = performance.now();
    const granted = await verifier.renew();
    expect(granted).toMatchObject({ kind: "grant" });
    const termMs = granted.kind === "grant" ? granted.termMs : 0;
    return Object.assign(verifier, { usableUntil: asked + usableSpan(termMs) - LEASE_MARGIN_MS });
  }

  /** A connection over which any bytes may be sent, the handshake done. */
  async socket(): Promise<Duplex> {
    const socket = await upgraded(this.url, this.hostile.secret);
    this.#sockets.push(socket);
    return socket;
  }

  /**
   * What is done to the node, and beside it: a key that the honest verifier has accepted is revoked, within so many
   * milliseconds, and one that is new is accepted. Returns when the revocation had returned.
   */
  async beside(attack: () => Promise<void>, withinMs: number): Promise<number> {
    const { cluster } = this;
    const [known] = await cluster.hammer(1);
    const attacking = attack();
    const [fresh] = await cluster.hammer(1);
    if (known === undefined || fresh === undefined) throw new TypeError("no keys were issued");
    await attacking;
    const effective = await cluster.revoke(known);
    const returnedAt = performance.now();
    expect(effective).toMatchObject({ everywhere: true, lapsed: [] });
    expect(effective.verifiers).toBeGreaterThanOrEqual(1);
    expect(effective.waitedMs).toBeLessThan(withinMs);
    await cluster.acceptedEverywhere([fresh.secret]);
    await cluster.judge();
    await this.#honestAnswered([known, fresh]);
    if (this.#memory > 0) {
      const bound = this.#memory + MEMORY_BYTES;
      await waitFor(() => this.memory() < bound, {
        timeoutMs: 20_000,
        what: "the node's memory to be within its bound",
      });
    }
    return returnedAt;
  }

  /** It had its lease all the time: it has never said that it could not tell. */
  async #honestAnswered(keys: readonly MadeKey[]): Promise<void> {
    const report = await this.#honest?.ask({ do: "report" });
    for (const { secret } of keys) {
      const codes = Object.keys(report?.keys[secret]?.codes ?? {});
      expect(codes).toContain("VALID");
      expect(codes.filter((code) => code !== "VALID" && code !== "REVOKED")).toEqual([]);
    }
  }

  /** Ends all that the hostile client has opened. */
  async hangUp(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    await Promise.all(this.#raw.splice(0).map((verifier) => (verifier.closedWith() === null ? verifier.cut() : null)));
  }

  async close(): Promise<void> {
    await this.hangUp();
    await this.cluster.stop();
    await this.#database.drop();
  }
}

function upgraded(url: string, credential: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asking = request(new URL("/v1/verifier-stream", url), {
      headers: {
        ...{ Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
        ...{ "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "claviger.v1" },
        Authorization: `Bearer ${credential}`,
      },
    });
    asking.on("upgrade", (_, socket) => {
      socket.on("error", () => undefined);
      resolve(socket);
    });
    asking.on("response", ({ statusCode }) => reject(new TypeError(`answered ${statusCode}`)));
    asking.on("error", reject);
    asking.end();
  });
}
