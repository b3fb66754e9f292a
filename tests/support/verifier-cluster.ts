/** Nodes, verifiers in processes of their own, and the history that decides: no accept starts after a revoke has returned. */
import type { VerifierOptions } from "@claviger/sdk";
import type { VerifierProcess } from "@claviger/testkit";
import {
  type Answer,
  type Api,
  issueKey,
  issueManagementKey,
  type MadeAccount,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  succeeded,
  type TestDatabase,
  testDatabase,
  verifierCrew,
  verifierProcess,
  waitFor,
} from "@claviger/testkit";
import { expect } from "vitest";
import { client, type Effective } from "./client.ts";

export interface ClusterOptions {
  readonly database: TestDatabase;
  readonly termMs: number;
  readonly nodes: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A key that was taken away, and when the call that did so had returned. */
interface Ended {
  readonly secret: string;
  readonly returnedAt: number;
}

const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

export class VerifierCluster {
  readonly nodes: Service[] = [];
  readonly verifiers: VerifierProcess[] = [];
  readonly #options: ClusterOptions;
  readonly #ended: Ended[] = [];
  #credential = "";
  #verifyCredential = "";
  #account: MadeAccount | null = null;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** A cluster that runs, with a database of its own that `close` drops. */
  static async open(options: Omit<ClusterOptions, "database">): Promise<VerifierCluster> {
    const cluster = new VerifierCluster({ ...options, database: await testDatabase() });
    await cluster.start();
    return cluster;
  }

  /** Stops the cluster, and drops its database. */
  async close(): Promise<void> {
    await this.stop();
    await this.#options.database.drop();
  }

  async start(): Promise<void> {
    const { nodes } = this.#options;
    for (let index = 0; index < nodes; index += 1) {
      await this.addNode();
      this.#credential ||= this.nodes[0]?.managementKey ?? "";
    }
    const first = this.on(0);
    await makeScopes(first);
    this.#account = await makeAccount(first);
    const { secret } = await issueManagementKey(first, ["verify"]);
    this.#verifyCredential = secret;
  }

  /** One more node, with these settings beside those of all. */
  async addNode(env: Readonly<Record<string, string>> = {}): Promise<Service> {
    const { database, termMs, env: ofAll } = this.#options;
    const node = await startService({ database, env: { CLAVIGER_LEASE_MS: String(termMs), ...ofAll, ...env } });
    this.nodes.push(node);
    return node;
  }

  node(index: number): Service {
    const node = this.nodes[index];
    if (node === undefined) throw new TypeError(`there is no node ${index}`);
    return node;
  }

  on(index: number): Api {
    return client(this.node(index).url, this.#credential);
  }

  get verifyCredential(): string {
    return this.#verifyCredential;
  }

  get account(): MadeAccount {
    if (this.#account === null) throw new TypeError("the cluster was not started");
    return this.#account;
  }

  /** A program that verifies, connected to the nodes at these addresses, with these variables in its environment. */
  async addVerifier(
    urls: readonly string[],
    more: Readonly<Record<string, unknown>> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<VerifierProcess> {
    const verifier = await verifierProcess({ options: this.#verifierOptions(urls, more) }, environment);
    this.verifiers.push(verifier);
    return verifier;
  }

  /** A program with a verifier in each of its worker threads, or of the processes of its cluster. */
  async addCrew(kind: "threads" | "cluster", members: number, urls: readonly string[]): Promise<VerifierProcess> {
    const crew = await verifierCrew({ kind, members, options: this.#verifierOptions(urls, {}) });
    this.verifiers.push(crew);
    return crew;
  }

  #verifierOptions(urls: readonly string[], more: Readonly<Record<string, unknown>>): VerifierOptions {
    return {
      ...{ url: urls, credential: this.#verifyCredential, environment: "live", mode: "local" },
      ...{ termMs: this.#options.termMs, startTimeoutMs: 60_000, ...more },
    };
  }

  /** Issues keys, for the cluster's account unless told, and has every verifier accept each of them again and again. */
  async hammer(count: number, via = 0, account = this.account): Promise<{ id: string; secret: string }[]> {
    const keys = await Promise.all(Array.from({ length: count }, () => issueKey(this.on(via), account.id)));
    const secrets = keys.map(({ secret }) => secret);
    await Promise.all(this.verifiers.map((verifier) => verifier.ask({ do: "add", keys: secrets })));
    await this.acceptedEverywhere(secrets);
    return keys;
  }

  /** Returns once each of these verifiers has accepted each key since now. */
  async acceptedEverywhere(secrets: readonly string[], verifiers = this.verifiers): Promise<void> {
    const since = monotonic();
    for (const verifier of verifiers) {
      await waitFor(
        async () => {
          const { keys } = await verifier.ask({ do: "report" });
          return secrets.every((secret) => (keys[secret]?.acceptedByAllAt ?? 0) > since);
        },
        { timeoutMs: 30_000, everyMs: 50, what: "every key to be accepted by every verifier" },
      );
    }
  }

  /** Revokes a key by a node, and notes when the call had returned. */
  async revoke(key: { readonly id: string; readonly secret: string }, via = 0): Promise<Effective> {
    const answer = await this.on(via).post<{ effective: Effective }>(`/v1/keys/${key.id}/revoke`, { reason: "leaked" });
    return this.effectiveOf(answer, key.secret);
  }

  /** The answer of an act that takes something away; `secret` is a key that it concerns. */
  effectiveOf(answer: Answer<{ effective: Effective }>, secret: string): Effective {
    const { effective } = succeeded(answer).body;
    this.ended(secret);
    return effective;
  }

  /** Something took this key away; the call has just returned. */
  ended(secret: string): void {
    this.#ended.push({ secret, returnedAt: monotonic() });
  }

  /**
   * Asks every verifier once more for each key that was taken away, and holds all that they saw against the times. A run in which
   * nothing was accepted before proves nothing, and fails.
   */
  async judge(verifiers = this.verifiers): Promise<void> {
    let before = 0;
    for (const verifier of verifiers) {
      const after = await verifier.ask<string[]>({ do: "verify", keys: this.#ended.map(({ secret }) => secret) });
      expect(after.filter((code) => code === "VALID")).toEqual([]);
      const { keys } = await verifier.ask({ do: "report" });
      for (const { secret, returnedAt } of this.#ended) {
        const seen = keys[secret];
        if (seen === undefined) continue;
        before += seen.accepted;
        expect(seen.lastAcceptedAt ?? 0, "the last accept began before the act had returned").toBeLessThan(returnedAt);
      }
    }
    expect(before, "accepts before").toBeGreaterThan(this.#ended.length * verifiers.length);
  }

  async stop(): Promise<void> {
    await Promise.all(this.verifiers.map((verifier) => verifier.end()));
    for (const node of this.nodes) await node.stop();
  }
}
