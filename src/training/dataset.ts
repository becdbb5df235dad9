// From clips to features in memory: decode, run the front end, keep what the network hears. Knows no split.
import { AudioError, resample } from "../audio/index.node.ts";
import { type FrontEnd, featureModel, featureWidth } from "../models/index.ts";
import { writeModel } from "../onnx/index.ts";
import { nodeRuntime, type Program } from "../runtime/index.node.ts";
import { type Clip, mapLimited } from "./corpora/index.ts";
import { FeatureCache, type Heard } from "./feature-cache.ts";
import { decodeClip, type LeftOut, leaveOut } from "./hear-clip.ts";

/** A clip as the network hears it. */
export interface Utterance {
  clip: Clip;
  /** As it is, then at each other speed. */
  variants: Heard[];
}

export interface Dataset {
  utterances: Utterance[];
  leftOut: LeftOut[];
}

/** Shorter sounds are not a phrase, and reflecting their ends would repeat them. */
const SHORTEST_SECONDS = 0.25;
/** Files being decoded at once: enough to keep every decoder busy while one result is turned into features. */
const AT_ONCE = 8;

export interface LoadOptions {
  frontEnd: FrontEnd;
  /** Clips are heard at each of these, and always as they are. */
  speeds: readonly number[];
  /** Whether only the clip as it is is given back, of all that was computed. */
  asItIs?: boolean;
  /** A folder that keeps what was computed; null: nothing is kept. */
  cache: string | null;
  onProgress?(done: number): void;
  signal?: AbortSignal;
}

/**
 * Decodes `clips` and computes their features, at each speed; the order stays. Files that cannot be heard are named,
 * not thrown.
 * @throws the reason of `signal`
 */
export async function loadDataset(clips: readonly Clip[], options: LoadOptions): Promise<Dataset> {
  const { frontEnd, asItIs = false, signal } = options;
  const speeds = [1, ...options.speeds.filter((other) => other !== 1)];
  const what = JSON.stringify({ version: 2, frontEnd, speeds });
  const cache = options.cache === null ? null : new FeatureCache(options.cache, what);
  const program = await nodeRuntime.load(writeModel(featureModel(frontEnd)));
  let done = 0;
  // Those that fill one cache at once would all decode the same clips: each begins somewhere else.
  const first = cache ? Math.floor(Math.random() * clips.length) : 0;
  const inTurn = [...clips.slice(first), ...clips.slice(0, first)];
  const found = await mapLimited(inTurn, AT_ONCE, async (clip): Promise<Utterance | LeftOut> => {
    signal?.throwIfAborted();
    try {
      const known = await cache?.read(clip.path);
      if (known) return { clip, variants: keep(known, asItIs) };
      const variants = await hear(clip, speeds, program, options);
      await cache?.write(clip.path, variants);
      return { clip, variants: keep(variants, asItIs) };
    } catch (error) {
      if (error instanceof AudioError) return leaveOut(clip, error);
      throw error;
    } finally {
      // Of a run that was stopped nobody draws the progress any more.
      if (!signal?.aborted) options.onProgress?.(++done);
    }
  });
  await program.dispose();
  const heard = [...found.slice(clips.length - first), ...found.slice(0, clips.length - first)];
  return {
    utterances: heard.filter((one) => "variants" in one),
    leftOut: heard.filter((one) => "reason" in one),
  };
}

function keep(variants: Heard[], asItIs: boolean): Heard[] {
  return asItIs ? variants.slice(0, 1) : variants;
}

/** @throws AudioError where it cannot be decoded or is too short */
async function hear(
  clip: Clip,
  speeds: readonly number[],
  program: Program,
  { frontEnd, signal }: LoadOptions,
): Promise<Heard[]> {
  const { sampleRate } = frontEnd.options;
  const audio = await decodeClip(clip, { sampleRate, signal });
  if (audio.length < SHORTEST_SECONDS * sampleRate) {
    throw new AudioError("unreadable-audio", `shorter than ${SHORTEST_SECONDS} s`);
  }
  const variants: Heard[] = [];
  for (const speed of speeds) {
    // Played faster, as many samples stand for fewer seconds: resampling to a lower rate shortens them.
    const played = resample(audio, sampleRate, Math.round(sampleRate / speed));
    const { features } = await program.run({ audio: { shape: [1, played.length], data: played } });
    const data = features!.data as Float32Array;
    const frames = data.length / featureWidth(frontEnd);
    variants.push({ features: data, frames });
  }
  return variants;
}
