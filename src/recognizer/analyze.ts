// A recording of any length through a model: windows, their answers, one analysis. Knows streams, no files.
import { QualityMeter } from "../audio/index.ts";
import { joinTimeline, type Segment, type SoundWindow, WindowCutter, wholeOf } from "../speech/index.ts";
import { type Analysis, conclude, spokenOf } from "./analysis.ts";
import { LEAST_SECONDS, SAMPLE_RATE } from "./model-file.ts";
import type { Model } from "./program.ts";
import { RunningTimeline } from "./running-timeline.ts";
import { requireFinite } from "./samples.ts";
import type { SpeechDetector } from "./speech-detector.ts";
import { utterancesOf } from "./utterances.ts";
import type { Voice } from "./voice.ts";

/** Windows in one run: what an LSTM gains by a batch it has gained by then, and memory stays small. */
const BATCH = 8;

/** Seconds that are heard utterance by utterance. Longer recordings are heard in windows, wherever they begin and end. */
const SHORT_SECONDS = 10;

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
  /** A window that was heard: from `start` to `end`, seconds, and how much each of its frames counted, `[frames]`. */
  window(start: number, end: number, attention: Float32Array): void;
}

/**
 * A recording not longer than 10 s is heard utterance by utterance, each in one piece, since models learn from whole ones; its
 * answer is their mean. What is longer is heard in the card's windows, and its answer is the mean over the stretches in which
 * somebody speaks. A timeline is of windows.
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
  const cutter = new WindowCutter(card);
  const speech = detector?.begin() ?? null;
  const answers = new RunningTimeline(card.emotions, card.hop, timeline, speech?.track ?? null);
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
  const hearWindows = async (atLeast: number, watched: Observer | null) => {
    while (waiting.length >= atLeast) {
      for (const answer of await hear(waiting.splice(0, BATCH), watched)) answers.push(answer);
    }
  };

  const waiting: SoundWindow[] = [];
  const beginning = new Float32Array(SHORT_SECONDS * SAMPLE_RATE);
  let samples = 0;
  for await (const piece of pieces(sound)) {
    signal?.throwIfAborted();
    requireFinite(piece, samples, "analyze");
    beginning.set(
      piece.subarray(0, Math.max(0, beginning.length - samples)),
      Math.min(samples, beginning.length),
    );
    samples += piece.length;
    meter.push(piece);
    await speech?.push(piece);
    await observer?.samples(piece);
    waiting.push(...cutter.push(piece));
    if (samples > beginning.length) await hearWindows(BATCH, observer);
    onProgress?.(samples / SAMPLE_RATE);
  }
  signal?.throwIfAborted();
  await speech?.finish();
  waiting.push(...cutter.flush());
  const nonFinite = sound instanceof Float32Array ? 0 : (sound.nonFinite ?? 0);
  const numbers = { ...meter.result(), nonFinite, ...spokenOf(speech?.track) };
  // One window is heard in one piece anyway.
  if (waiting.length > 1 && samples <= beginning.length) {
    const seconds = samples / SAMPLE_RATE;
    const said = speech ? utterancesOf(speech.track, seconds) : [{ start: 0, end: seconds }];
    if (said.length > 0) {
      const heard: Segment[] = [];
      for (const { start, end } of said) {
        const cut = beginning.subarray(Math.round(start * SAMPLE_RATE), Math.round(end * SAMPLE_RATE));
        const answer = await hear([{ start, end, samples: cut }], observer);
        heard.push(...joinTimeline(answer, card.emotions, end - start));
      }
      // What the pictures show of attention is that of the answer.
      if (timeline) await hearWindows(1, null);
      const segments = answers.finish()?.segments ?? [];
      return conclude(
        card,
        numbers,
        { whole: wholeOf(heard, card.emotions), spoken: true, segments },
        timeline,
      );
    }
  }
  // All are of one length: a shorter window comes only where the recording is shorter, and then alone.
  if (samples >= LEAST_SECONDS * SAMPLE_RATE) await hearWindows(1, observer);
  return conclude(card, numbers, answers.finish(), timeline);
}

/** Blocks of a second at most: whoever gives an hour at once shall not have it cut into windows at once. */
async function* pieces(sound: Sound | Float32Array): AsyncGenerator<Float32Array> {
  for await (const block of sound instanceof Float32Array ? [sound] : sound) {
    for (let at = 0; at < block.length; at += SAMPLE_RATE) yield block.subarray(at, at + SAMPLE_RATE);
  }
}
