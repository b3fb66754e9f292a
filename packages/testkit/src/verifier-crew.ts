/**
 * A caller's program that has a verifier in each of its worker threads, or in each process of its cluster (node:cluster). Told what
 * to be in CREW_SETTINGS; takes commands and answers as `verifier-process.ts` does, each carried out by all members.
 */
import cluster from "node:cluster";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createVerifier, type VerifierOptions } from "@claviger/sdk";
import { type SeenKey, type VerifierCommand, VerifierProgram, type VerifierReport } from "./verifier-program.ts";

/** What the variable CREW_SETTINGS holds as JSON. */
export interface CrewSettings {
  readonly kind: "threads" | "cluster";
  readonly members: number;
  readonly options: VerifierOptions;
}

/** `lose`: one member ends without warning, the program goes on. */
export type CrewCommand = VerifierCommand | { readonly do: "lose" };

/** A thread or a process, by what both can do. */
interface Member {
  send(command: VerifierCommand): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Resolves once it is gone. */
  end(): Promise<unknown>;
}

const FILE = fileURLToPath(import.meta.url);

if (!isMainThread) await serve(workerData as VerifierOptions, (answer) => parentPort?.postMessage(answer));
else if (cluster.isWorker) await serve(settingsOf().options, (answer) => process.send?.(answer));
else await lead(settingsOf());

function settingsOf(): CrewSettings {
  return JSON.parse(process.env.CREW_SETTINGS ?? "") as CrewSettings;
}

/** A member: says that it is there, and then answers each command. */
async function serve(options: VerifierOptions, tell: (answer: unknown) => void): Promise<void> {
  const program = new VerifierProgram(await createVerifier(options));
  const listen = (command: unknown): void => void program.carryOut(command as VerifierCommand).then(tell);
  if (isMainThread) process.on("message", listen);
  else parentPort?.on("message", listen);
  tell({});
}

function thread(options: VerifierOptions): Member {
  const worker = new Worker(FILE, { workerData: options });
  return {
    send: (command) => worker.postMessage(command),
    onMessage: (listener) => void worker.on("message", listener),
    end: () => worker.terminate(),
  };
}

function forked(): Member {
  const worker = cluster.fork();
  return {
    send: (command) => void worker.send(command),
    onMessage: (listener) => void worker.on("message", listener),
    end: () => {
      const gone = new Promise((resolve) => worker.once("exit", resolve));
      worker.process.kill("SIGKILL");
      return gone;
    },
  };
}

/** The program itself: has no verifier, hands on what it is told, and puts together what it hears. */
async function lead({ kind, members, options }: CrewSettings): Promise<void> {
  const crew = Array.from({ length: members }, () => (kind === "threads" ? thread(options) : forked()));
  const answersOf = crew.map((member) => answers(member));
  await Promise.all(answersOf.map((next) => next()));
  const carryOut = async (command: CrewCommand): Promise<unknown> => {
    if (command.do === "lose") {
      answersOf.pop();
      await crew.pop()?.end();
      return {};
    }
    for (const member of crew) member.send(command);
    return together(command, await Promise.all(answersOf.map((next) => next())));
  };
  process.stdout.write("{}\n");
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      void carryOut(JSON.parse(line) as CrewCommand).then((answer) => {
        process.stdout.write(`${JSON.stringify(answer)}\n`);
      });
    })
    .on("close", () => process.exit(0));
}

/** What a member says, in order. */
function answers(member: Member): () => Promise<unknown> {
  const said: unknown[] = [];
  let waiting: ((answer: unknown) => void) | null = null;
  member.onMessage((message) => {
    if (waiting === null) said.push(message);
    else waiting(message);
    waiting = null;
  });
  return () => {
    if (said.length > 0) return Promise.resolve(said.shift());
    return new Promise((resolve) => {
      waiting = resolve;
    });
  };
}

function together(command: VerifierCommand, all: readonly unknown[]): unknown {
  if (command.do === "verify") return all.flat();
  if (command.do !== "report" && command.do !== "close") return {};
  const reports = all as readonly VerifierReport[];
  const sum = (name: "synchronous" | "asynchronous"): number => reports.reduce((total, each) => total + each[name], 0);
  const keys = Object.keys(reports[0]?.keys ?? {}).map((key) => [key, seenByAll(key, reports)] as const);
  return {
    ...{ now: Math.max(...reports.map(({ now }) => now)), keys: Object.fromEntries(keys) },
    ...{ synchronous: sum("synchronous"), asynchronous: sum("asynchronous") },
  };
}

function seenByAll(key: string, reports: readonly VerifierReport[]): SeenKey {
  const seen = reports.flatMap((report) => report.keys[key] ?? []);
  const lasts = seen.map(({ lastAcceptedAt }) => lastAcceptedAt);
  const codes: Record<string, number> = {};
  for (const each of seen) {
    for (const [code, count] of Object.entries(each.codes)) codes[code] = (codes[code] ?? 0) + count;
  }
  return {
    ...{ accepted: seen.reduce((total, { accepted }) => total + accepted, 0), codes },
    lastAcceptedAt: lasts.every((at) => at === null) ? null : Math.max(...lasts.map((at) => at ?? 0)),
    acceptedByAllAt: lasts.includes(null) ? null : Math.min(...lasts.map((at) => at ?? 0)),
  };
}
