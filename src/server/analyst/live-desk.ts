// Live sessions: one process of their own, so that an estimate never waits behind an analysis. Knows sessions, no socket.
import type { LiveEstimate, LiveSession } from "../analyst.ts";
import { AnalystProcess, ProcessEndedError, type ProcessOptions } from "./analyst-process.ts";
import { AnalystError, type Listening } from "./messages.ts";

/** Live sound that is not answered for so long is of no use to anybody. */
const SILENT_MS = 15_000;

export class LiveDesk {
  readonly #options: ProcessOptions;
  readonly #most: number;
  #process: AnalystProcess | undefined;
  #open = 0;
  #last = 0;

  /** @param most sessions at once */
  constructor(options: ProcessOptions, most: number) {
    this.#options = { ...options, silentMs: Math.min(options.silentMs, SILENT_MS) };
    this.#most = most;
  }

  /** @throws AnalystError where as many are open as may be; ModelError */
  async open(model: string): Promise<LiveSession> {
    if (this.#open >= this.#most) {
      throw new AnalystError(
        "live-full",
        `${this.#open} people are speaking at once, and no more can be heard. Wait until one has stopped.`,
      );
    }
    this.#open++;
    if (!this.#process?.alive) this.#process = new AnalystProcess(this.#options);
    const process = this.#process;
    const session = ++this.#last;
    let isOpen = true;
    const leave = () => {
      if (isOpen) this.#open--;
      isOpen = false;
    };
    try {
      const { hop, emotions } = await asked<Listening>(
        process.ask({ kind: "listen", session, model }).answer,
      );
      return {
        hop,
        emotions,
        push: (samples, newest = false) =>
          asked<LiveEstimate[]>(process.ask({ kind: "block", session, samples, newest }).answer),
        close: async () => {
          if (!isOpen) return;
          leave();
          // A process that is no more has no session either.
          await process.ask({ kind: "hush", session }).answer.catch(() => {});
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  close(reason: Error): void {
    this.#process?.kill(reason);
  }
}

async function asked<T>(answer: Promise<unknown>): Promise<T> {
  try {
    return (await answer) as T;
  } catch (error) {
    if (!(error instanceof ProcessEndedError)) throw error;
    throw new AnalystError(
      "analyst-died",
      `What listens has ended (${error.message}). Start again; what was said until now is not lost here.`,
      { cause: error },
    );
  }
}
