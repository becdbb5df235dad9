// A few decoder processes shared by all files of this program. Knows who is free, not how decoding works.

import { DecoderProcess } from "./decoder-process.node.ts";
import type { DecodeRequest } from "./decoder-protocol.ts";
import type { RawAudio } from "./stream.ts";
import type { DecoderLimits } from "./watchdog.node.ts";

/** A process that nobody has asked for anything for so long is ended: it holds about 100 MB. */
const idleMs = 30_000;

/**
 * Up to `size` processes, started when first needed and replaced when they die. At most `size` files
 * are decoded at once; others wait their turn, in order. A stream that is opened and not read holds its
 * process once the queue behind it is full.
 */
export class DecoderPool {
  private readonly script: string;
  private readonly size: number;
  private readonly idle: { worker: DecoderProcess; timer: NodeJS.Timeout }[] = [];
  private readonly busy = new Set<DecoderProcess>();
  private readonly waiting: (() => void)[] = [];
  private endsWithOwner = false;

  constructor(script: string, size: number) {
    this.script = script;
    this.size = size;
  }

  /** Decodes one file; see `DecoderProcess.decode`. */
  async open(request: DecodeRequest, limits: DecoderLimits, signal?: AbortSignal): Promise<RawAudio> {
    while (this.busy.size >= this.size && !signal?.aborted) await this.turn(signal);
    signal?.throwIfAborted();
    const worker = this.takeIdle() ?? this.start();
    this.busy.add(worker);
    return worker.decode(request, limits, signal, () => this.release(worker));
  }

  /** Ends every process; files in work fail. The pool can be used again. */
  close(): void {
    const reason = new Error("The decoders were closed.");
    for (const worker of this.busy) worker.stop(reason);
    for (let worker = this.takeIdle(); worker; worker = this.takeIdle()) worker.stop(reason);
  }

  /** Resolves when a process may have become free, or when nobody wants it any more. */
  private async turn(signal?: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push(resolve);
    const wake = () => resolve();
    signal?.addEventListener("abort", wake, { once: true });
    await promise;
    signal?.removeEventListener("abort", wake);
    if (signal?.aborted) {
      const place = this.waiting.indexOf(resolve);
      if (place >= 0) this.waiting.splice(place, 1);
      else this.waiting.shift()?.();
    }
  }

  private start(): DecoderProcess {
    // An idle process ends with its owner's pipes; one that hangs would not notice.
    if (!this.endsWithOwner) process.once("exit", () => this.close());
    this.endsWithOwner = true;
    return new DecoderProcess(this.script);
  }

  private takeIdle(): DecoderProcess | undefined {
    for (let free = this.idle.pop(); free; free = this.idle.pop()) {
      clearTimeout(free.timer);
      if (free.worker.alive) return free.worker;
    }
    return undefined;
  }

  private release(worker: DecoderProcess): void {
    this.busy.delete(worker);
    if (worker.alive) {
      const timer = setTimeout(() => worker.stop(undefined), idleMs).unref();
      this.idle.push({ worker, timer });
    }
    this.waiting.shift()?.();
  }
}
