// Decodes every clip of a data folder and names what is no good. Knows sound and labels, no model.
import { createHash } from "node:crypto";
import { AudioError, decodeFile } from "../../audio/index.node.ts";
import type { Clip, Problem, ReadCorpora } from "./clip.ts";
import { repeats } from "./content.ts";
import { mapLimited } from "./pool.ts";
import { conclude, gather, withoutRepeats } from "./read.ts";

const SAMPLE_RATE = 16_000;
/** The shortest sound that a model takes. */
const LEAST_SECONDS = 0.25;
/** A clip is an utterance; more than this is a recording to be cut, and would fill the memory. */
const MOST_SECONDS = 600;
/** -80 dB of full scale: a recording that never rises above it has no voice in it. */
const SILENCE = 1e-4;

export interface CheckOptions {
  /** After each file. */
  onProgress?: (progress: { done: number; total: number; file: string }) => void;
  /** Gives up with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * `readCorpora`, and then decode every clip: those that do not decode, are shorter than 0.25 s, longer than ten
 * minutes or silent, and those whose sound is that of another file in another container, are problems and not
 * used. The clips that stay know their seconds.
 *
 * @throws CorpusError as `readCorpora` does; AudioError where this machine has no decoder for a file's format
 */
export async function checkCorpora(dir: string, options: CheckOptions = {}): Promise<ReadCorpora> {
  const gathered = await gather(dir);
  let done = 0;
  const heard = await mapLimited(gathered.clips, 8, async (clip) => {
    options.signal?.throwIfAborted();
    const sound = await listen(clip, options.signal);
    done += 1;
    options.onProgress?.({ done, total: gathered.clips.length, file: clip.file });
    return sound;
  });
  const good = heard.filter((sound) => "clip" in sound);
  const firsts = repeats(good.map(({ clip, hash }) => [clip.path, hash]));
  const { clips, duplicates } = withoutRepeats(
    good.map(({ clip }) => clip),
    firsts,
  );
  const bad = heard.filter((sound) => "problem" in sound).map(({ problem }) => problem);
  return conclude({ ...gathered, clips, refused: [...gathered.refused, ...bad, ...duplicates] });
}

type Heard = { clip: Clip; hash: string } | { problem: Problem };

async function listen(clip: Clip, signal?: AbortSignal): Promise<Heard> {
  const refuse = (kind: Problem["kind"], message: string): Heard => ({
    problem: { file: clip.file, kind, message, used: false },
  });
  let samples: Float32Array;
  try {
    samples = await decodeFile(clip.path, { sampleRate: SAMPLE_RATE, maxSeconds: MOST_SECONDS, signal });
  } catch (error) {
    // A machine without a decoder is no fault of the file.
    if (!(error instanceof AudioError) || error.code === "decoder-missing") throw error;
    return refuse(error.code === "too-long" ? "left-out" : "undecodable", error.message);
  }
  const seconds = samples.length / SAMPLE_RATE;
  if (seconds < LEAST_SECONDS)
    return refuse("too-short", `lasts ${seconds.toFixed(3)} s, expected ${LEAST_SECONDS} s`);
  const pcm = new Int16Array(samples.length);
  let peak = 0;
  for (let i = 0; i < samples.length; i++) {
    peak = Math.max(peak, Math.abs(samples[i]!));
    pcm[i] = Math.round(Math.max(-1, Math.min(1, samples[i]!)) * 32767);
  }
  // `Math.max` hands NaN on.
  if (!Number.isFinite(peak)) return refuse("undecodable", "holds samples that are no numbers");
  if (peak < SILENCE) return refuse("silent", `never rises above ${peak.toPrecision(2)} of full scale`);
  // In 16 bits, so that containers that keep the same sound as integers and as floats agree.
  return { clip: { ...clip, seconds }, hash: createHash("sha256").update(pcm).digest("hex") };
}
