// An analyst process as its owner sees it: requests out, answers in, ended where it is silent. Knows no queue.
import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { AnalystError, fromSent, type Reply, type Request } from "./messages.ts";

// The process runs the file as it lies here: TypeScript in a checkout, JavaScript in the package.
const PROGRAM = fileURLToPath(new URL(`./process${extname(import.meta.url)}`, import.meta.url));
/** A small nursery lets blocks of samples go soon; the heap is bounded, since sound itself is outside it. */
const FLAGS = [
  "--disable-warning=ExperimentalWarning",
  "--max-semi-space-size=1",
  "--max-old-space-size=128",
  "--expose-gc",
];

/** What kept an answer from coming: the process is no more. */
export class ProcessEndedError extends Error {
  override name = "ProcessEndedError";
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress?(share: number): void;
}

type Body<R> = R extends unknown ? Omit<R, "id"> : never;

export interface ProcessOptions {
  /** A request is waited for and nothing at all comes for so long: the process hangs, and is ended. */
  silentMs: number;
  /** The program; another one in tests. */
  program?: string;
}

/** It never keeps its owner alive while nobody waits for it. */
export class AnalystProcess {
  readonly #child: ChildProcess;
  readonly #silentMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #watchdog: NodeJS.Timeout | undefined;
  #last = 0;
  #ended: Error | undefined;

  constructor({ silentMs, program = PROGRAM }: ProcessOptions) {
    this.#silentMs = silentMs;
    this.#child = fork(program, {
      execArgv: FLAGS,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // The owner's options (an inspector, a loader) are not meant for this program.
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    this.#child.on("message", (reply: Reply) => this.#take(reply));
    this.#child.on("error", (error) => this.kill(new ProcessEndedError(error.message)));
    this.#child.on("exit", (code, signal) => this.#end(new ProcessEndedError(signal ?? `exit code ${code}`)));
    this.#keepOwner(false);
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** For those who look at processes. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * @returns a request's answer, and its id, by which it can be aborted
   * @throws what was thrown in the process; ProcessEndedError where it is no more; AnalystError where it hung
   */
  ask<T>(body: Body<Request>, onProgress?: (share: number) => void): { id: number; answer: Promise<T> } {
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#ended) reject(this.#ended);
    else {
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, onProgress });
      this.#watch();
      this.#child.send({ ...body, id } as Request, (error) => {
        if (error) this.kill(new ProcessEndedError(error.message));
      });
    }
    return { id, answer: promise };
  }

  /** Ends it at once; whoever waits fails with `reason`. */
  kill(reason: Error): void {
    this.#child.kill("SIGKILL");
    this.#end(reason);
  }

  #take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if (reply.kind === "progress") {
      this.#watchdog?.refresh();
      waiting.onProgress?.(reply.share);
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.kind === "answer") waiting.resolve(reply.value);
    else waiting.reject(fromSent(reply.error));
    this.#watch();
  }

  #end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#watch();
    for (const { reject } of waiting) reject(reason);
  }

  /** Begins to wait anew, or no longer. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    const waits = this.#waiting.size > 0;
    if (waits) {
      this.#watchdog = setTimeout(() => {
        this.kill(
          new AnalystError(
            "analyst-hung",
            `The analysis said nothing for ${this.#silentMs / 1000} s and was given up. ` +
              "Try it again; if it happens again, convert the sound to WAV.",
          ),
        );
      }, this.#silentMs);
    }
    this.#keepOwner(waits);
  }

  #keepOwner(keep: boolean): void {
    for (const handle of [this.#child, this.#child.channel]) {
      if (keep) handle?.ref();
      else handle?.unref();
    }
  }
}
