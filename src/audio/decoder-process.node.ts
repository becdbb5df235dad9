// One decoder process as its owner sees it: a file at a time, bounded on both sides. Knows the protocol.

import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { BlockQueue } from "./block-queue.ts";
import {
  answer,
  type DecodeRequest,
  type DoneAnswer,
  type FailedAnswer,
  type FormatAnswer,
  FrameParser,
} from "./decoder-protocol.ts";
import { AudioError, quoted } from "./errors.ts";
import type { RawAudio } from "./stream.ts";
import { type DecoderLimits, Watchdog } from "./watchdog.node.ts";

/**
 * Samples that wait for a slow reader: a quarter of a minute at 16 kHz, 1 MB, in which most clips fit whole. What waits much longer
 * outlives two collections of young memory, and is then kept until 64 MB of such have come together.
 */
const queueSamples = 250_000;
/** JavaScript memory of the process; sound itself is outside it. */
const heapMegabytes = 128;

/** A file that is being decoded. */
interface Job {
  readonly name: string;
  readonly queue: BlockQueue;
  readonly watchdog: Watchdog;
  opened(format: FormatAnswer): void;
  failed(error: unknown): void;
  done(tally: DoneAnswer): void;
}

/** A process that decodes one file after the other. It never keeps its owner alive while it is idle. */
export class DecoderProcess {
  private readonly child: ChildProcess;
  private readonly parser: FrameParser;
  private job: Job | undefined;
  private lastWords = "";
  /** False once the process has ended or is being ended. */
  alive = true;

  /** @param script the program, `decoder-main.node` */
  constructor(script: string) {
    this.child = spawn(
      process.execPath,
      [`--max-old-space-size=${heapMegabytes}`, "--max-semi-space-size=1", script],
      {
        stdio: ["pipe", "pipe", "pipe"],
        // The owner's options (an inspector, a loader) are not meant for this program.
        env: { ...process.env, NODE_OPTIONS: "" },
        windowsHide: true,
      },
    );
    this.parser = new FrameParser((kind, body) => this.take(kind, body));
    this.child.stdout!.on("data", (bytes: Buffer) => {
      try {
        this.parser.push(bytes);
      } catch (error) {
        this.broken(error instanceof Error ? error.message : String(error));
      }
      this.job?.watchdog.alive(true);
      if (this.job?.queue.full) this.pause();
    });
    this.child.stderr!.on("data", (bytes: Buffer) => {
      this.lastWords = (this.lastWords + bytes.toString()).slice(-500);
    });
    this.child.stdin!.on("error", () => {}); // A dead process is noticed by its exit.
    this.child.on("error", (error) => this.broken(error.message));
    this.child.on("exit", (code, signal) => this.broken(signal ?? `exit code ${code}`));
    this.keepOwner(false);
  }

  /**
   * Decodes one file. Resolves once its format is known; `onFree` is called when the process is free
   * for the next file, or dead.
   */
  decode(
    request: DecodeRequest,
    limits: DecoderLimits,
    signal: AbortSignal | undefined,
    onFree: () => void,
  ): Promise<RawAudio> {
    this.keepOwner(true);
    const { promise, resolve, reject } = Promise.withResolvers<RawAudio>();
    const queue = new BlockQueue(queueSamples, () => {
      // The process may be at its next file when the reader gets to the end of this one.
      if (this.job === job) this.resume();
    });
    const abort = () => this.stop(signal?.reason);
    const watchdog = new Watchdog(this.child.pid ?? 0, limits, (what) => {
      const message = `${quoted(request.path)} ${what}; it was given up. It is likely damaged: convert it to WAV or FLAC and try again.`;
      this.stop(new AudioError("decoder-failed", message));
    });
    let tally: DoneAnswer = { total: 0, nonFinite: 0 };
    const finish = () => {
      watchdog.stop();
      signal?.removeEventListener("abort", abort);
      this.job = undefined;
      this.keepOwner(false);
      onFree();
    };
    const job: Job = {
      name: request.path,
      queue,
      watchdog,
      opened: ({ sourceRate, channels }) => {
        const close = async () => {
          if (this.job === job) this.stop(new Error("The stream was closed."));
        };
        resolve({ sourceRate, channels, blocks: queue, tally: () => tally, close });
      },
      failed: (error) => {
        finish();
        reject(error);
        queue.fail(error);
      },
      done: (counts) => {
        tally = counts;
        finish();
        queue.end();
      },
    };
    this.job = job;
    signal?.addEventListener("abort", abort, { once: true });
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    return promise;
  }

  /** Ends the process at once; a file in work fails with `reason`. */
  stop(reason: unknown): void {
    this.alive = false;
    this.child.kill("SIGKILL");
    this.job?.failed(reason);
  }

  private take(kind: number, body: Uint8Array): void {
    const job = this.job;
    if (!job) return;
    if (kind === answer.samples) {
      job.queue.push(new Float32Array(body.buffer as ArrayBuffer));
      return;
    }
    const fields: unknown = JSON.parse(new TextDecoder().decode(body));
    if (kind === answer.format) job.opened(fields as FormatAnswer);
    else if (kind === answer.done) job.done(fields as DoneAnswer);
    else job.failed(explain(job.name, fields as FailedAnswer));
  }

  private broken(how: string): void {
    const words = this.lastWords.trim().split("\n").at(-1);
    const detail = words ? `${how}: ${words}` : how;
    this.stop(
      new AudioError(
        "decoder-failed",
        `${quoted(this.job?.name ?? "")} broke its decoder (${detail}). It is likely damaged: convert it to WAV or FLAC and try again.`,
      ),
    );
  }

  private pause(): void {
    this.child.stdout!.pause();
    this.job?.watchdog.alive(false);
  }

  private resume(): void {
    this.job?.watchdog.alive(true);
    this.child.stdout!.resume();
  }

  /** Whether this process and its pipes hold the owner's event loop open. */
  private keepOwner(keep: boolean): void {
    const pipes = [this.child.stdin, this.child.stdout, this.child.stderr] as unknown as Socket[];
    for (const handle of [this.child, ...pipes]) {
      if (keep) handle.ref();
      else handle.unref();
    }
  }
}

function explain(name: string, { code, what }: FailedAnswer): AudioError {
  const wayOut =
    code === "decoder-missing"
      ? ""
      : " Play it to see that it is sound, or convert it to WAV or FLAC and try again.";
  return new AudioError(code, `${quoted(name)} ${what}.${wayOut}`);
}
