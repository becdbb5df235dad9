// The program that hears one file and measures itself; `hour.ts` starts it, on one core. Prints one line of JSON.
//   node one-core.ts MODEL FILE heard|decoded|metered
import { readdirSync, readFileSync } from "node:fs";
import { openAudio, QualityMeter } from "../audio/index.node.ts";
import { analyzeFile, loadRecognizer, type Recognizer } from "../recognizer/index.node.ts";

/** What is done with the file: all of it; decoding only; decoding and the quality of the recording. */
export type Work = "heard" | "decoded" | "metered";

export interface Measured {
  /** Length of the sound. */
  audioSeconds: number;
  /** From opening the file to the answer. */
  seconds: number;
  /** Peak resident memory of this process, in bytes. */
  memory: number;
  /** The same of its decoders, added up; null where the system does not tell. */
  decoderMemory: number | null;
}

const SAMPLE_RATE = 16_000;

async function work(what: Work, recognizer: Recognizer | null, file: string): Promise<number> {
  if (!recognizer) {
    const meter = new QualityMeter(SAMPLE_RATE);
    let samples = 0;
    for await (const block of await openAudio(file, { sampleRate: SAMPLE_RATE })) {
      samples += block.length;
      if (what === "metered") meter.push(block);
    }
    return samples / SAMPLE_RATE;
  }
  const { seconds } = await analyzeFile(recognizer, file);
  return seconds;
}

/** Peak memory of the processes that this one has started: Linux tells it while they live, and decoders wait idle. */
function childrenPeak(): number | null {
  try {
    const tasks = readdirSync("/proc/self/task");
    const pids = tasks.flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" "));
    const peaks = pids.filter((pid) => pid.trim()).map((pid) => readFileSync(`/proc/${pid}/status`, "utf8"));
    return peaks.reduce((sum, status) => sum + 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]), 0);
  } catch {
    return null;
  }
}

const [model, file, what] = process.argv.slice(2) as [string, string, Work];
const recognizer = what === "heard" ? await loadRecognizer(model, { threads: 1 }) : null;
const start = performance.now();
const audioSeconds = await work(what, recognizer, file);
const seconds = (performance.now() - start) / 1000;
const memory = 1024 * process.resourceUsage().maxRSS;
const measured: Measured = { audioSeconds, seconds, memory, decoderMemory: childrenPeak() };
process.stdout.write(`${JSON.stringify(measured)}\n`);
