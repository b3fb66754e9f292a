import {
  deadAt,
  isDead,
  LEASE_MARGIN_MS,
  type NodeLease,
  type NodeRow,
  RENEWALS_PER_TERM,
  type SessionState,
  usableSpan,
  type VerifierGrant,
  type VerifierState,
  waitingSpan,
} from "@claviger/core";
import { Fingerprint } from "./fingerprint.ts";
import {
  type Model,
  type ModelLine,
  type ModelNode,
  type ModelVerifier,
  type Ring,
  type StrayWrite,
  TERM_MS,
} from "./model.ts";
import { type Checked, makes, mayBeRenewed, nodeNow, tickMs, verifierNow } from "./parts.ts";
import { addMessages, addSubjects } from "./print-messages.ts";

const NONE = -1;
const LEASES: Readonly<Record<NodeLease["phase"], number>> = { out: 0, joining: 1, in: 2, stopped: 3 };
const PHASES: Readonly<Record<VerifierState["phase"], number>> = {
  ...{ disconnected: 0, greeting: 1, following: 2, closed: 3 },
};

/**
 * Tells states apart by what can make a difference from there on. Names count by whether they are the same, times by how
 * many ticks are between them and now, and no further back than anybody looks. What nothing is decided by is left out:
 * server times (no key expires here), back-off, reasons of denials, statistics.
 */
export class StatePrint {
  readonly #checked: Checked;
  readonly #print = new Fingerprint();
  /** No age beyond this many ticks makes a difference. */
  readonly #oldest: number;
  #names: string[] = [];
  #model: Model;
  /** Of the clock of the process that is described. */
  #now = 0;
  #tick = 1;

  constructor(checked: Checked, first: Model) {
    this.#checked = checked;
    this.#model = first;
    // The slowest clock takes this long to count what a waiter counts a term for.
    this.#oldest = Math.ceil((checked.bounds.ticksInTerm * 1.1) / 0.9) + 1;
  }

  of(model: Model): readonly [number, number] {
    this.#model = model;
    this.#names = [];
    const print = this.#print;
    print.start();
    const { database, act, left, strays } = model;
    print.add(database.head);
    print.addFlag(database.active);
    // Sessions are told by whose they are, those of earlier processes by whether they are the same.
    for (const { state } of model.verifiers) this.#addName(state.options.session);
    this.#addRows(database.rows);
    for (const node of model.nodes) this.#addNode(node);
    for (const verifier of model.verifiers) this.#addVerifier(verifier);
    for (const line of model.lines) this.#addLine(line);
    print.add(strays.length);
    for (const stray of strays) this.#addStray(stray);
    print.add(act.index);
    print.add(act.step === "idle" ? 0 : act.step === "committed" ? 1 : 2);
    print.add(act.step === "idle" ? NONE : act.node);
    print.add(act.step === "idle" ? NONE : act.seq);
    print.addFlag(act.step === "committed" && act.foundDone);
    print.addFlag(act.confirmed);
    for (const count of [left.breaks, left.closes, left.leaves, left.losses, left.nodeKills, left.verifierKills]) {
      print.add(count);
    }
    return print.read();
  }

  #addName(name: string): void {
    let index = this.#names.indexOf(name);
    if (index === -1) index = this.#names.push(name) - 1;
    this.#print.add(index);
  }

  /** Ticks since then. */
  #addAge(at: number, oldest = this.#oldest): void {
    this.#print.add(Math.min(oldest, Math.round((this.#now - at) / this.#tick)));
  }

  /** The first tick from now at which a clock shows at least that. */
  #addTicksUntil(at: number): void {
    this.#print.add(this.#ticksUntil(at));
  }

  #ticksUntil(at: number): number {
    return Math.max(0, Math.ceil((at - this.#now) / this.#tick - 1e-6));
  }

  #addRows(rows: readonly NodeRow[]): void {
    this.#print.add(rows.length);
    for (const { incarnation, token, ackedSeq, fenced } of rows) {
      this.#addName(incarnation);
      this.#addName(token);
      this.#print.add(ackedSeq);
      this.#print.addFlag(fenced && mayBeRenewed(this.#model, incarnation));
    }
  }

  #addStray(stray: StrayWrite): void {
    const print = this.#print;
    const { incarnation, token } = stray.kind === "reap" ? stray : stray.write;
    print.addFlag(stray.kind === "reap");
    this.#addName(incarnation);
    this.#addName(token);
    if (stray.kind === "reap") return;
    print.addFlag(stray.write.kind === "write-join");
    if (stray.write.kind === "write-renewal") for (const each of stray.write.tokens) this.#addName(each);
  }

  #addRing({ floor, noted }: Ring): void {
    this.#print.add(floor ?? NONE);
    this.#print.add(noted.length);
    for (const { seq, subjects } of noted) {
      this.#print.add(seq);
      addSubjects(this.#print, subjects);
    }
  }

  #addNode(node: ModelNode): void {
    const print = this.#print;
    const { rate, now } = this.#clockOfNode(node.place);
    this.#now = now;
    this.#tick = rate;
    print.addFlag(node.leaving);
    print.addFlag(node.leavingRow !== null);
    if (node.leavingRow !== null) this.#addName(node.leavingRow);
    this.#addLease(node.lease);
    print.addFlag(node.held);
    this.#addRing(node.ring);
    this.#addTicksUntil(node.renewAt);
    print.add(
      node.renewing === null ? NONE : node.renewing.step === "written" ? 0 : node.renewing.step === "read" ? 1 : 2,
    );
    if (node.renewing !== null) {
      this.#addName(node.renewing.token);
      print.add(node.renewing.rows);
      print.add(node.renewing.head);
    }
    this.#addFollowing(node);
    this.#addObserver(node);
    this.#addWaiter(node);
    print.addFlag(node.reading !== null);
    if (node.reading !== null) {
      print.add(node.reading.line === null ? NONE : this.#lineIndex(node.reading.line) + 1);
      print.addFlag(node.reading.active);
      print.add(node.reading.asOfSeq);
      print.addFlag(this.#isAsked(node.reading.id));
    }
    print.add(node.sessions.length);
    for (const session of node.sessions) this.#addSession(session);
    print.add(node.late.length);
  }

  #clockOfNode(place: number): { readonly rate: number; readonly now: number } {
    const rate = tickMs(this.#checked, this.#checked.bounds.nodes[place] ?? 1);
    return { rate, now: nodeNow(this.#checked, this.#model, place).mono };
  }

  #addLease(lease: NodeLease): void {
    const print = this.#print;
    print.add(LEASES[lease.phase]);
    if (lease.phase === "out" || lease.phase === "stopped") return;
    this.#addName(lease.incarnation);
    const { renewal } = lease;
    print.add(renewal === null ? NONE : renewal.step === "sent" ? 0 : 1);
    if (renewal !== null) {
      this.#addName(renewal.token);
      this.#addTicksUntil(renewal.t0.mono + usableSpan(TERM_MS));
      print.add(renewal.appliedThen);
    }
    if (lease.phase !== "in") return;
    print.add(lease.applied);
    print.add(lease.tokens.length);
    for (const token of lease.tokens) this.#addName(token);
    lease.waiting.forEach(({ t0, head }, index) => {
      // Of those that wait for the same change the newest counts.
      if (lease.waiting[index + 1]?.head === head) return;
      print.add(head);
      this.#addTicksUntil(t0.mono + usableSpan(TERM_MS));
    });
    print.add(NONE);
    this.#addTicksUntil(lease.leasedFrom.mono + usableSpan(TERM_MS));
  }

  #addFollowing({ place, following, lease, waiter }: ModelNode): void {
    const print = this.#print;
    print.addFlag(following !== null);
    if (following === null) return;
    const { sentAt, incarnation, applied, found } = following;
    if (this.#watches(place)) this.#addAge(sentAt);
    print.addFlag(waiter !== null && sentAt >= waiter.committedAt);
    print.addFlag(lease.phase === "in" && incarnation === lease.incarnation);
    print.add(applied);
    print.addFlag(found !== null);
    if (found === null) return;
    print.add(found.head);
    this.#addRows(found.rows);
  }

  /** Whoever is not asked to act, or has nothing left to wait for, needs no rows. */
  #watches(place: number): boolean {
    const { asked, acts } = this.#checked.bounds;
    return asked.includes(place) && this.#model.act.index < acts.length;
  }

  #addObserver({ place, observer, waiter, listing, seenDead, following }: ModelNode): void {
    const print = this.#print;
    if (!this.#watches(place)) return;
    for (const [incarnation, watched] of observer) {
      this.#addName(incarnation);
      this.#addName(watched.row.token);
      this.#addTicksUntil(deadAt(watched));
      print.addFlag(isDead(watched));
      // The read under way began long enough after the token was seen first, whenever its answer is taken in.
      print.addFlag(following !== null && following.sentAt >= deadAt(watched));
      print.addFlag(waiter !== null && watched.lastReadStarted >= waiter.committedAt);
      print.add(watched.row.ackedSeq);
      print.addFlag(watched.row.fenced);
    }
    print.add(NONE);
    print.add(seenDead.length);
    for (const { row } of seenDead) this.#addName(row.incarnation);
    print.addFlag(listing !== null);
    const counts = waiter !== null || makes(this.#checked, "listed-before-commit");
    if (listing === null || !counts) return;
    const afterCommit = waiter !== null && listing.readStarted >= waiter.committedAt;
    print.addFlag(afterCommit);
    if (!afterCommit && !makes(this.#checked, "listed-before-commit")) return;
    print.add(listing.head);
    this.#addAge(listing.readFinished);
  }

  #addWaiter({ waiter }: ModelNode): void {
    const print = this.#print;
    print.addFlag(waiter !== null);
    if (waiter === null) return;
    print.addFlag(waiter.awaited !== null);
    if (waiter.awaited !== null) this.#addTicksUntil(waiter.firstListedAt + waitingSpan(TERM_MS));
    for (const [incarnation, watched] of waiter.awaited ?? []) {
      this.#addName(incarnation);
      this.#addTicksUntil(deadAt(watched));
      print.addFlag(waiter.settled.has(incarnation));
      print.addFlag(waiter.lapsed.has(incarnation));
      print.addFlag(waiter.fenced.has(incarnation));
      print.addFlag(waiter.reaped.has(incarnation));
    }
    print.add(NONE);
  }

  #addSession(session: SessionState): void {
    const print = this.#print;
    const { connection, known, announced, acked, claimed, pending, owesSince, pendingSince, owedAtGrant } = session;
    this.#addName(session.session);
    print.add(connection === null ? NONE : this.#lineIndex(connection));
    for (const seq of [known, announced, acked, claimed]) print.add(seq);
    print.add(pending?.length ?? NONE);
    print.add(owedAtGrant ?? NONE);
    const { patience } = this.#checked.bounds;
    print.addFlag(owesSince !== null && patience);
    if (owesSince !== null && patience) this.#addTicksUntil(owesSince + TERM_MS);
    print.addFlag(pendingSince !== null && patience);
    if (pendingSince !== null && patience) this.#addTicksUntil(pendingSince + TERM_MS);
    print.add(session.grants.length);
    for (const { seq, deadline, orphaned } of session.grants) {
      print.add(seq);
      this.#addTicksUntil(deadline);
      print.addFlag(orphaned);
    }
  }

  #addVerifier(verifier: ModelVerifier): void {
    const print = this.#print;
    const { state, asked, late, remembered } = verifier;
    this.#now = verifierNow(this.#checked, this.#model, verifier.place).mono;
    this.#tick = tickMs(this.#checked, this.#checked.bounds.verifiers[verifier.place] ?? 1);
    print.add(PHASES[state.phase]);
    print.addFlag(verifier.wants !== null);
    print.addFlag(state.epoch !== null);
    print.add(state.applied);
    this.#addGrant(state.lease);
    print.add(this.#intervalTicks(state.lease?.termMs ?? TERM_MS));
    print.add(state.waiting.length);
    for (const grant of state.waiting) {
      this.#addGrant(grant);
      print.add(grant.seq);
    }
    print.add(state.renewals.length);
    for (const { nonce, t0 } of state.renewals) {
      print.add(state.lastNonce - nonce);
      this.#addTicksUntil(t0.mono + TERM_MS);
    }
    if (state.phase === "greeting") this.#addTicksUntil(state.greetedAt.mono + TERM_MS);
    if (state.phase === "following") this.#addTicksUntil(state.renewAt);
    print.addFlag(verifier.held);
    this.#addRing(verifier.ring);
    print.addFlag(asked !== null);
    if (asked !== null) {
      print.addFlag(asked.generation === state.generation);
      print.addFlag(asked.late);
      print.addFlag(asked.joinedLate);
    }
    print.add(late.length);
    if (makes(this.#checked, "remembered-clock")) this.#addAge(remembered.mono);
  }

  /** For how many ticks it may be used. */
  #addGrant(grant: VerifierGrant | null): void {
    const end = grant === null ? this.#now : grant.t0.mono + usableSpan(grant.termMs) - LEASE_MARGIN_MS;
    this.#addTicksUntil(end);
  }

  #intervalTicks(termMs: number): number {
    return this.#ticksUntil(this.#now + Math.max(50, Math.min(termMs, TERM_MS) / RENEWALS_PER_TERM));
  }

  #addLine(line: ModelLine): void {
    const print = this.#print;
    const { state, asked } = this.#model.verifiers[line.verifier] as ModelVerifier;
    const current = this.#isCurrent(line.session);
    print.add(line.verifier);
    print.add(line.node);
    this.#addName(line.session);
    print.addFlag(current && line.number === state.connection);
    for (const flag of [line.broken, line.atVerifier, line.atNode, line.greeted !== null]) print.addFlag(flag);
    addMessages(print, line, { lastNonce: current ? state.lastNonce : null, asked: asked?.id ?? null });
  }

  #lineIndex(id: number): number {
    return this.#model.lines.findIndex((line) => line.id === id);
  }

  #isCurrent(session: string): boolean {
    return this.#model.verifiers.some(({ state }) => state.options.session === session);
  }

  #isAsked(id: number): boolean {
    return this.#model.verifiers.some(({ asked }) => asked?.id === id);
  }
}
