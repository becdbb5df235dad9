// MFCC: our graph against librosa, one thread each, in turns, and how far their numbers lie apart. Knows no tables.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeFile } from "../audio/index.node.ts";
import { featureModel } from "../models/index.ts";
import { writeModel } from "../onnx/index.ts";
import { nodeRuntime, type Program } from "../runtime/index.node.ts";
import { FRAMES, MFCC } from "./mfcc-options.ts";
import { MFCC_PEER, PeerMissing, type PeerPlace, PeerProcess } from "./peers.ts";
import { type Contestant, ratio, type Timing, takeTurns, timed } from "./rounds.ts";
import { repeated, SAMPLE_RATE } from "./sound.ts";

export interface MfccRow {
  bench: "mfcc";
  /** Length of the clip. */
  seconds: number;
  windowSamples: number;
  hopSamples: number;
  /** Milliseconds. */
  timing: Timing;
  /** Null: librosa is not there. */
  librosa: {
    version: string;
    timing: Timing;
    /** librosa's time by ours. */
    toOurs: { median: number; min: number };
    /** Largest absolute difference of a coefficient, and the largest coefficient. */
    difference: number;
    largest: number;
  } | null;
}

export interface MfccOptions {
  /** A file with speech, or something like it, that is repeated or cut to the clips' lengths. */
  sample: string;
  peers: PeerPlace | null;
  rounds: number;
  onProgress(what: string): void;
  onMissing(why: string): void;
}

/** Lengths of the clip, seconds, and runs in one turn: the first of a turn find the caches cold, so there are many. */
const CLIPS = [
  [2, 200],
  [10, 50],
  [60, 10],
] as const;

export async function* mfccBench(options: MfccOptions): AsyncGenerator<MfccRow> {
  const speech = await decodeFile(options.sample, { sampleRate: SAMPLE_RATE });
  const folder = await mkdtemp(join(tmpdir(), "undertone-bench-"));
  let { peers } = options;
  try {
    for (const frames of FRAMES) {
      const model = featureModel({ kind: "mfcc", options: { ...MFCC, ...frames }, deltas: 0 });
      const program = await nodeRuntime.load(writeModel(model), { threads: 1 });
      for (const [seconds, runs] of CLIPS) {
        options.onProgress(`mfcc: window ${frames.windowSamples}, hop ${frames.hopSamples}, ${seconds} s`);
        const sound = repeated(speech, seconds * SAMPLE_RATE);
        const run = () => coefficients(program, sound);
        const row = { bench: "mfcc", seconds, ...frames } as const;
        try {
          if (peers)
            yield { ...row, ...(await against({ run, runs }, sound, folder, peers, frames, options.rounds)) };
        } catch (error) {
          if (!(error instanceof PeerMissing)) throw error;
          options.onMissing(error.message);
          peers = null;
        }
        if (peers) continue;
        const [timing] = await takeTurns([timed(run, runs)], options.rounds);
        yield { ...row, timing: timing!, librosa: null };
      }
      await program.dispose();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function coefficients(program: Program, audio: Float32Array): Promise<Float32Array> {
  const { features } = await program.run({ audio: { shape: [1, audio.length], data: audio } });
  return features!.data as Float32Array;
}

async function against(
  { run, runs }: { run: () => Promise<Float32Array>; runs: number },
  sound: Float32Array,
  folder: string,
  peers: PeerPlace,
  { windowSamples, hopSamples }: (typeof FRAMES)[number],
  rounds: number,
): Promise<Pick<MfccRow, "timing" | "librosa">> {
  const [input, output] = [join(folder, "samples.f32"), join(folder, "mfcc.f32")];
  await writeFile(input, sound);
  const program = new PeerProcess(MFCC_PEER, peers, [
    ...[input, output, "--repeat", String(runs)],
    ...["--window", String(windowSamples), "--hop", String(hopSamples)],
  ]);
  try {
    let version = "";
    const contestant: Contestant = {
      async block() {
        const answer = await program.turn<{ version: string; seconds: number[] }>();
        version = answer.version;
        return answer.seconds.map((seconds) => 1000 * seconds);
      },
    };
    const [theirs, timing] = await takeTurns([contestant, timed(run, runs)], rounds);
    const bytes = await readFile(output);
    const expected = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const apart = compare(await run(), expected);
    return {
      timing: timing!,
      librosa: { version, timing: theirs!, toOurs: ratio(theirs!, timing!), ...apart },
    };
  } finally {
    program.close();
  }
}

function compare(ours: Float32Array, theirs: Float32Array): { difference: number; largest: number } {
  if (ours.length !== theirs.length) {
    throw new Error(
      `mfcc: ours are ${ours.length} coefficients, librosa's ${theirs.length}; they should be as many`,
    );
  }
  let [difference, largest] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    difference = Math.max(difference, Math.abs(ours[i]! - theirs[i]!));
    largest = Math.max(largest, Math.abs(theirs[i]!));
  }
  return { difference, largest };
}
