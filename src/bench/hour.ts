// An hour of speech on one core: how fast it is heard, and in how much memory. Knows files and processes, no tables.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { decodeFile } from "../audio/index.node.ts";
import type { Measured, Work } from "./one-core.ts";
import { repeated, SAMPLE_RATE, type SoundFile, writeMinutes } from "./sound.ts";

export interface HourRow {
  bench: "hour";
  format: string;
  /** Seconds of sound, and of the clock from opening the file to the answer. */
  audioSeconds: number;
  seconds: number;
  /** How many times faster than the sound itself. */
  realTime: number;
  /** Seconds for decoding, for the quality of the recording, and for features and network. */
  split: { decode: number; quality: number; network: number };
  /** Whether it ran on one core, decoder and all. */
  oneCore: boolean;
}

export interface MemoryRow {
  bench: "memory";
  format: string;
  /** Bytes of peak resident memory: the process that hears, and its decoders (null: the system does not tell). */
  minute: { process: number; decoders: number | null };
  hour: { process: number; decoders: number | null };
  /** The hour's less the minute's, of all processes. */
  growth: number;
}

export interface HourOptions {
  model: string;
  /** A file with speech, or something like it, that is repeated to an hour. */
  sample: string;
  /** Minutes that stand for the hour: fewer for tests. */
  minutes: number;
  onProgress(what: string): void;
  onMissing(why: string): void;
}

export async function* hourBench(options: HourOptions & { audio?: string }): AsyncGenerator<HourRow> {
  const { model, audio } = options;
  const folder = await mkdtemp(join(tmpdir(), "undertone-bench-"));
  try {
    const files = audio
      ? [{ format: audio, path: audio }]
      : await soundFiles(folder, options.minutes, options);
    for (const { format, path } of files) {
      options.onProgress(`hour: ${format}`);
      const decoded = await measure(model, path, "decoded", options.onMissing);
      const metered = await measure(model, path, "metered", () => {});
      const heard = await measure(model, path, "heard", () => {});
      yield {
        bench: "hour",
        format,
        audioSeconds: heard.audioSeconds,
        seconds: heard.seconds,
        realTime: heard.audioSeconds / heard.seconds,
        split: {
          decode: decoded.seconds,
          quality: metered.seconds - decoded.seconds,
          network: heard.seconds - metered.seconds,
        },
        oneCore: heard.oneCore,
      };
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function* memoryBench(options: HourOptions): AsyncGenerator<MemoryRow> {
  const folder = await mkdtemp(join(tmpdir(), "undertone-bench-"));
  try {
    const minutes = await soundFiles(folder, 1, { ...options, onMissing: () => {} });
    const hours = await soundFiles(folder, options.minutes, options);
    for (const [i, { format, path }] of hours.entries()) {
      options.onProgress(`memory: ${format}`);
      const [minute, hour] = [await peak(options, minutes[i]!.path), await peak(options, path)];
      const sum = (one: typeof hour) => one.process + (one.decoders ?? 0);
      yield { bench: "memory", format, minute, hour, growth: sum(hour) - sum(minute) };
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function peak({ model }: HourOptions, path: string) {
  const { memory, decoderMemory } = await measure(model, path, "heard", () => {});
  return { process: memory, decoders: decoderMemory };
}

async function soundFiles(folder: string, minutes: number, options: HourOptions): Promise<SoundFile[]> {
  options.onProgress(`making ${minutes} min of sound`);
  const speech = await decodeFile(options.sample, { sampleRate: SAMPLE_RATE });
  return writeMinutes(folder, repeated(speech, 60 * SAMPLE_RATE), minutes, options.onMissing);
}

const PROGRAM = fileURLToPath(new URL(`./one-core${extname(import.meta.url)}`, import.meta.url));

/** A file in a process of its own, bound to one core together with its decoders where the system can. */
async function measure(
  model: string,
  file: string,
  what: Work,
  onMissing: (why: string) => void,
): Promise<Measured & { oneCore: boolean }> {
  // With the options that the command itself runs with.
  const node = [process.execPath, ...process.execArgv, PROGRAM, model, file, what];
  const core = firstCore();
  const run = async ([command, ...args]: string[]): Promise<Measured> =>
    JSON.parse((await promisify(execFile)(command!, args)).stdout);
  if (core !== null) {
    try {
      return { ...(await run(["taskset", "-c", core, ...node])), oneCore: true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  onMissing("taskset is not there: what follows ran on all cores, so a decoder ran beside the network.");
  return { ...(await run(node)), oneCore: false };
}

/** The number of a core that this process may use; null where the system does not tell. */
function firstCore(): string | null {
  try {
    return /^Cpus_allowed_list:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))![1]!;
  } catch {
    return null;
  }
}
