// A team of worker threads over shared memory: parameters in common, a gradient each. Knows no speech.
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Noise } from "../nn/index.ts";
import type { Tensor } from "../runtime/index.ts";
import type { Reply, Request, SharedMemory } from "./worker.ts";

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** A copy where every worker reads and writes it. */
export function shared(numbers: Float32Array): Float32Array {
  const copy = sharedFloats(numbers.length);
  copy.set(numbers);
  return copy;
}

/** A program as the loop hands it to a worker, under a key that stands for it. */
export interface WorkerProgram {
  key: string;
  /** As `LoadOptions` means it. */
  accelerate?: boolean;
  build(): { model: Uint8Array; noise: readonly Noise[] };
}

/** Programs that a worker keeps: each holds the memory of its largest run, so the one unused longest has to go. */
const MOST_PROGRAMS = 16;

export class Team {
  readonly size: number;
  readonly parameters: Float32Array;
  readonly buffers: Float32Array;
  /** `[workers, P]` */
  readonly gradients: Float32Array;
  /** `[workers, Q]` */
  readonly newBuffers: Float32Array;
  private readonly workers: Worker[];
  private readonly loaded: Set<string>[];
  /** What each worker is at, or was at last. */
  private readonly busy: Promise<unknown>[] = [];

  /** @param sizes numbers in all parameters and in all buffers */
  constructor(size: number, sizes: { parameters: number; buffers: number }, seed: number) {
    this.size = size;
    this.parameters = sharedFloats(sizes.parameters);
    this.buffers = sharedFloats(sizes.buffers);
    this.gradients = sharedFloats(size * sizes.parameters);
    this.newBuffers = sharedFloats(size * sizes.buffers);
    this.loaded = Array.from({ length: size }, () => new Set());
    this.workers = Array.from({ length: size }, (_, i) => {
      const workerData: SharedMemory = {
        parameters: this.parameters,
        buffers: this.buffers,
        gradients: part(this.gradients, i, sizes.parameters),
        newBuffers: part(this.newBuffers, i, sizes.buffers),
        seed,
      };
      return new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), { workerData });
    });
  }

  /**
   * Runs a program on one worker; at most one run a worker at a time. It has the team's parameters and buffers where it is
   * given none, and its gradients and new buffers go to the team's; `into` says where other outputs go, in shared memory.
   */
  async run(
    worker: number,
    program: WorkerProgram,
    inputs: Record<string, Tensor>,
    { noiseStream = "", into = {} }: { noiseStream?: string; into?: Record<string, Tensor> } = {},
  ): Promise<Record<string, Tensor>> {
    const loaded = this.loaded[worker];
    if (!loaded.delete(program.key)) {
      const drop = loaded.size < MOST_PROGRAMS ? [] : [...loaded].slice(0, 1);
      for (const key of drop) loaded.delete(key);
      const { key, accelerate } = program;
      await this.ask(worker, { kind: "load", key, accelerate, drop, ...program.build() });
    }
    // Last in the set: the one that was used last.
    loaded.add(program.key);
    const reply = await this.ask(worker, { kind: "run", key: program.key, inputs, noiseStream, into });
    return reply.outputs ?? {};
  }

  private async ask(worker: number, request: Request): Promise<Reply> {
    this.workers[worker].postMessage(request);
    const answered = once(this.workers[worker], "message") as Promise<[Reply]>;
    this.busy[worker] = answered.catch(() => {});
    const [reply] = await answered;
    if (reply.error) throw new Error(`worker ${worker}: ${reply.error}`);
    return reply;
  }

  /** Ends the threads, each when it is done with what it is at: ONNX Runtime does not survive less. */
  async close(): Promise<void> {
    await Promise.all(this.busy);
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function part(all: Float32Array, i: number, length: number): Float32Array {
  return all.subarray(i * length, (i + 1) * length);
}
