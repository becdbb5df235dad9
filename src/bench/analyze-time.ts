// How long the answer to a short clip takes, with the detector of speech and without. Knows clocks, no files of sound.
import { createRecognizer, loadRecognizer, modelId, readModelBytes } from "../recognizer/index.node.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { takeTurns, timed } from "./rounds.ts";
import { repeated, SAMPLE_RATE } from "./sound.ts";

const SECONDS = 3;
/** 50 runs in all. */
const [ROUNDS, RUNS] = [10, 5];

export interface AnalyzeRow {
  bench: "analyze";
  model: string;
  /** Whether the detector of speech listens too. */
  detector: boolean;
  /** Of sound, which is in memory already. */
  seconds: number;
  /** Median and least of the runs. */
  ms: number;
  leastMs: number;
  runs: number;
}

/** One thread. @param sound of which 3 s are heard, repeated where it is shorter */
export async function analyzeTimes(model: string, sound: Float32Array): Promise<AnalyzeRow[]> {
  const samples = repeated(sound, SECONDS * SAMPLE_RATE);
  const recognizers = [
    await loadRecognizer(model),
    await createRecognizer(await readModelBytes(model), nodeRuntime, { name: model }),
  ];
  try {
    const timings = await takeTurns(
      recognizers.map((recognizer) => timed(() => recognizer.analyze(samples), RUNS)),
      ROUNDS,
    );
    return timings.map(({ median, min, runs }, i) => ({
      ...{ bench: "analyze", model: modelId(recognizers[i]!.card), detector: i === 0, seconds: SECONDS },
      ...{ ms: median, leastMs: min, runs },
    }));
  } finally {
    for (const recognizer of recognizers) await recognizer.dispose();
  }
}
