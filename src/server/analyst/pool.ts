// The analyst: processes that share a queue of analyses, and one more for live sound. Knows who is free, not how one hears.
import { availableParallelism } from "node:os";
import type { AnalysisJob, Analyst, LiveSession } from "../analyst.ts";
import type { Analysis } from "../contract.ts";
import { AnalystProcess, ProcessEndedError } from "./analyst-process.ts";
import { LiveDesk } from "./live-desk.ts";
import { AnalystError } from "./messages.ts";

export interface AnalystOptions {
  /** Analyses at once. Default: one for each core. */
  processes?: number;
  /** Live sessions at once. Default 16: each takes some 2 % of a core. */
  sessions?: number;
  /** How long a process may say nothing while it is waited for, before it is ended. Default 90,000: a decoder has 30 s. */
  silentMs?: number;
  /** The program of a process; another one in tests. */
  program?: string;
}

/** How long an analysis that was given up may take to notice, before its process is ended. */
const NOTICE_MS = 2_000;

/** Starts no process before one is needed. */
export function createAnalyst(options: AnalystOptions = {}): Analyst {
  return new AnalystPool(options);
}

/** Someone who waits for a place. */
interface Waiter {
  enter(): void;
  refuse(reason: unknown): void;
}

class AnalystPool implements Analyst {
  readonly #process: { silentMs: number; program?: string };
  readonly #idle: AnalystProcess[] = [];
  readonly #busy = new Set<AnalystProcess>();
  /** Places that nobody has taken; where someone waits there are none. */
  #free: number;
  readonly #queue: Waiter[] = [];
  readonly #live: LiveDesk;
  #closed = false;

  constructor({
    processes = availableParallelism(),
    sessions = 16,
    silentMs = 90_000,
    program,
  }: AnalystOptions) {
    this.#free = Math.max(1, processes);
    this.#process = { silentMs, program };
    this.#live = new LiveDesk(this.#process, sessions);
  }

  async analyze(job: AnalysisJob): Promise<Analysis> {
    await this.#enter(job.signal);
    try {
      return await this.#analyze(job);
    } finally {
      this.#leave();
    }
  }

  async live(model: string): Promise<LiveSession> {
    if (this.#closed) throw closed();
    return this.#live.open(model);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const process of [...this.#idle, ...this.#busy]) process.kill(closed());
    this.#live.close(closed());
    for (const waiter of this.#queue.splice(0)) waiter.refuse(closed());
  }

  async #analyze(job: AnalysisJob): Promise<Analysis> {
    // The one that was used last has its memory warm.
    let process = this.#idle.pop();
    while (process && !process.alive) process = this.#idle.pop();
    process ??= new AnalystProcess(this.#process);
    this.#busy.add(process);
    try {
      return await analyzeWith(process, job);
    } finally {
      this.#busy.delete(process);
      if (process.alive) this.#idle.push(process);
    }
  }

  /** Waits for a place, first come, first served. */
  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#closed) throw closed();
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { enter: resolve, refuse: reject };
    const giveUp = () => {
      this.#queue.splice(this.#queue.indexOf(waiter), 1);
      reject(signal.reason);
    };
    this.#queue.push(waiter);
    signal.addEventListener("abort", giveUp, { once: true });
    waiter.enter = () => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    };
    await promise;
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next) next.enter();
    else this.#free++;
  }
}

async function analyzeWith(process: AnalystProcess, job: AnalysisJob): Promise<Analysis> {
  const { signal, onProgress, path, model, voice = null, evidence, maxSeconds } = job;
  const { id, answer } = process.ask<Analysis>(
    { kind: "analyze", path, model, voice, evidence, maxSeconds },
    onProgress,
  );
  let notice: NodeJS.Timeout | undefined;
  const abort = () => {
    process.ask({ kind: "abort", of: id }).answer.catch(() => {});
    notice = setTimeout(() => process.kill(new ProcessEndedError("it did not notice an abort")), NOTICE_MS);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await answer;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof ProcessEndedError)) throw error;
    throw new AnalystError(
      "analyst-died",
      `The analysis broke its process (${error.message}). Try it again; if it happens again, convert the sound to WAV.`,
      { cause: error },
    );
  } finally {
    signal.removeEventListener("abort", abort);
    clearTimeout(notice);
  }
}

function closed(): AnalystError {
  return new AnalystError(
    "analyst-closed",
    "The analyst was closed: the service is stopping. Try again later.",
  );
}
