// A recording of any length through a model: utterances, their answers, one analysis. Knows streams, no files.
import { QualityMeter } from "../audio/index.ts";
import { MeanAnswer, type SoundWindow, WindowCutter } from "../speech/index.ts";
import { type Analysis, conclude, spokenOf } from "./analysis.ts";
import { LEAST_SECONDS, SAMPLE_RATE } from "./model-file.ts";
import type { Model } from "./program.ts";
import { RunningTimeline } from "./running-timeline.ts";
import { requireFinite } from "./samples.ts";
import type { SpeechDetector } from "./speech-detector.ts";
import { type SpokenWindow, UtteranceCutter } from "./utterance-cutter.ts";
import type { Voice } from "./voice.ts";

/** Windows in one run: what an LSTM gains by a batch it has gained by then, and memory stays small. */
const BATCH = 8;

/** Mono sound at 16,000 Hz in blocks of any length. A source that replaced samples by 0 may say how many. */
export type Sound = AsyncIterable<Float32Array> & { readonly nonFinite?: number };

export interface AnalyzeOptions {
  /** Whether the analysis has a timeline. Default false; hours of sound then need no more memory than minutes. */
  timeline?: boolean;
  /** The speaker's calibration. Default: not known. */
  voice?: Voice;
  /** Told what is heard on the way, in the same pass: see `createEvidence`. */
  observer?: Observer | null;
  /** Gives up with the signal's reason. */
  signal?: AbortSignal;
  /** After each block: how many seconds have been heard. */
  onProgress?: (seconds: number) => void;
}

/** Sees a recording as the model hears it. */
export interface Observer {
  /** The next samples, in order, `[n]`; valid until it has answered. */
  samples(block: Float32Array): Promise<void>;
  /** What was heard in one piece for the answer: from `start` to `end`, seconds; how much each of its frames counted, `[frames]`. */
  window(start: number, end: number, attention: Float32Array): void;
}

/**
 * A recording is heard utterance by utterance, each in one piece, since models learn from whole ones; its answer is their mean,
 * each counted by how long somebody speaks in it. What is not longer than the card's window is heard whole. A timeline is of
 * windows.
 *
 * @param detector `null`: what stands out of the background counts as speech
 * @throws RangeError where a sample is no number
 */
export async function analyzeSound(
  model: Model,
  detector: SpeechDetector | null,
  sound: Sound | Float32Array,
  { timeline = false, voice, observer = null, signal, onProgress }: AnalyzeOptions = {},
): Promise<Analysis> {
  const { card } = model.file;
  const meter = new QualityMeter(SAMPLE_RATE);
  const speech = detector?.begin() ?? null;
  const said = new UtteranceCutter();
  const cutter = new WindowCutter(card);
  const segments = new RunningTimeline(card.emotions, card.hop, speech?.track ?? null);
  const whole = new MeanAnswer(card.emotions);

  const hear = async (windows: readonly SoundWindow[], watched: Observer | null) => {
    const heard = await model.run(
      windows.map(({ samples }) => samples),
      voice,
    );
    return windows.map(({ start, end }, i) => {
      const { probabilities, unlikeness, attention } = heard[i]!;
      watched?.window(start, end, attention);
      return { start, end, probabilities, unlikeness };
    });
  };
  const hearUtterances = async (utterances: readonly SpokenWindow[]) => {
    for (const utterance of utterances) {
      const [answer] = await hear([utterance], observer);
      whole.add(answer!, utterance.spoken);
    }
  };
  const hearWindows = async (atLeast: number) => {
    while (windows.length >= atLeast) {
      for (const answer of await hear(windows.splice(0, BATCH), null)) segments.push(answer);
    }
  };

  /** Not heard yet. */
  const [utterances, windows]: [SpokenWindow[], SoundWindow[]] = [[], []];
  let samples = 0;
  const isOneWindow = () => samples <= Math.round(card.window * SAMPLE_RATE);
  for await (const piece of pieces(sound)) {
    signal?.throwIfAborted();
    requireFinite(piece, samples, "analyze");
    samples += piece.length;
    meter.push(piece);
    utterances.push(...said.push(piece, speech && (await speech.push(piece))));
    await observer?.samples(piece);
    if (timeline || isOneWindow()) windows.push(...cutter.push(piece));
    if (!isOneWindow()) {
      await hearUtterances(utterances.splice(0));
      if (timeline) await hearWindows(BATCH);
      else speech?.track.forget(samples / SAMPLE_RATE);
    }
    onProgress?.(samples / SAMPLE_RATE);
  }
  signal?.throwIfAborted();
  utterances.push(...said.flush(speech && (await speech.finish())));
  if (timeline || isOneWindow()) windows.push(...cutter.flush());
  const nonFinite = sound instanceof Float32Array ? 0 : (sound.nonFinite ?? 0);
  const numbers = { ...meter.result(), nonFinite, ...spokenOf(speech?.track) };
  if (isOneWindow()) {
    if (samples >= LEAST_SECONDS * SAMPLE_RATE) {
      const [answer] = await hear(windows, observer);
      whole.add(answer!, samples / SAMPLE_RATE);
      segments.push(answer!);
    }
  } else {
    await hearUtterances(utterances);
    if (timeline) await hearWindows(1);
  }
  return conclude(card, numbers, whole.sounds, timeline ? segments.finish() : undefined);
}

/** Blocks of a second at most: whoever gives an hour at once shall not have it cut into windows at once. */
async function* pieces(sound: Sound | Float32Array): AsyncGenerator<Float32Array> {
  for await (const block of sound instanceof Float32Array ? [sound] : sound) {
    for (let at = 0; at < block.length; at += SAMPLE_RATE) yield block.subarray(at, at + SAMPLE_RATE);
  }
}
