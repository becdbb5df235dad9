// A person's calibration from sounds of them: windows, those in which they speak, what the model finds in each. Knows no
// files.
import { QualityMeter } from "../audio/index.ts";
import { judgeQuality, type ModelCard, type SoundWindow, WindowCutter } from "../speech/index.ts";
import { spokenOf } from "./analysis.ts";
import type { Sound } from "./analyze.ts";
import { SAMPLE_RATE } from "./model-file.ts";
import type { Model } from "./program.ts";
import { requireFinite } from "./samples.ts";
import type { SpeechDetector } from "./speech-detector.ts";
import { type Voice, VoiceError, voiceOf } from "./voice.ts";

/** Windows in one run, as in `analyze`. */
const BATCH = 8;
/** Of fewer windows, the spread is chance. */
const LEAST_CLIPS = 4;
/** Share of a window: with less, what the model finds in it is the pause, and the spread that of the pauses. */
const LEAST_SPEECH = 0.25;

/** A voice, and what it was made of. */
export interface Calibration extends Voice {
  /** Windows that count: those in which somebody speaks. */
  clips: number;
  /** Their length, every moment once; pauses between words are in it. */
  seconds: number;
}

/** What of a sound counts. */
export interface CalibrationSound {
  clips: number;
  seconds: number;
  /** Where nothing of it counts: why, as a whole sentence. */
  reason?: string;
}

/** Sounds of one person; which of them it is about, callbacks are told by its place, from 0. */
export type CalibrationSounds = Iterable<Sound | Float32Array> | AsyncIterable<Sound>;

export interface CalibrateOptions {
  /** Gives up with the signal's reason. */
  signal?: AbortSignal;
  /** After each block: how many seconds of the sound have been heard. */
  onProgress?: (index: number, seconds: number) => void;
  /** After each sound: what of it counts. */
  onSound?: (index: number, sound: CalibrationSound) => void;
  /** Told of a sound that breaks off with an error; nothing of it counts, and the next is heard. Default: it is thrown. */
  onFailure?: (index: number, error: unknown) => void;
}

interface Heard extends CalibrationSound {
  features: Float32Array[];
}

/**
 * Every sound is cut into the card's windows, side by side; one that is not longer than a window is heard whole. A window
 * counts if `analyze` would answer it alone and a quarter of it is speech.
 *
 * @param detector `null`: what stands out of the background counts as speech
 * @throws VoiceError where fewer than four windows count; RangeError where a sample is no number
 */
export async function calibrateVoice(
  model: Model,
  detector: SpeechDetector | null,
  sounds: CalibrationSounds,
  options: CalibrateOptions = {},
): Promise<Calibration> {
  const { signal, onProgress, onSound, onFailure } = options;
  const features: Float32Array[] = [];
  let [index, seconds] = [0, 0];
  for await (const sound of sounds) {
    const place = index++;
    try {
      const heard = await hear(model, detector, sound, signal, (at) => onProgress?.(place, at));
      features.push(...heard.features);
      seconds += heard.seconds;
      onSound?.(place, heard);
    } catch (error) {
      if (!onFailure || signal?.aborted) throw error;
      onFailure(place, error);
    }
  }
  if (features.length < LEAST_CLIPS) throw tooLittle(features.length, model.file.card);
  return { ...voiceOf(features, model.file.card.usual), clips: features.length, seconds };
}

async function hear(
  model: Model,
  detector: SpeechDetector | null,
  sound: Sound | Float32Array,
  signal: AbortSignal | undefined,
  onProgress: (seconds: number) => void,
): Promise<Heard> {
  const features: Float32Array[] = [];
  const waiting: Float32Array[] = [];
  const run = async () => {
    const answers = await model.run(waiting.splice(0));
    features.push(...answers.map(({ voiceFeatures }) => voiceFeatures));
  };
  let [seconds, counted] = [0, 0];
  let reason: string | undefined;
  for await (const { start, end, samples } of windowsOf(sound, model.file.card, onProgress)) {
    signal?.throwIfAborted();
    const unfit = await unfitness(samples, detector);
    reason ??= unfit;
    if (unfit !== undefined) continue;
    seconds += end - Math.max(start, counted);
    counted = end;
    waiting.push(samples);
    if (waiting.length === BATCH) await run();
  }
  signal?.throwIfAborted();
  // All are of one length: a shorter window is the only one of its sound.
  if (waiting.length > 0) await run();
  const clips = features.length;
  return { features, clips, seconds, ...(clips === 0 && { reason: reason ?? "It has no sound in it." }) };
}

async function* windowsOf(
  sound: Sound | Float32Array,
  { sampleRate, window }: ModelCard,
  onProgress: (seconds: number) => void,
): AsyncGenerator<SoundWindow> {
  const cutter = new WindowCutter({ sampleRate, window, hop: window });
  let [samples, cut] = [0, 0];
  for await (const block of sound instanceof Float32Array ? [sound] : sound) {
    requireFinite(block, samples, "calibrate");
    // Whoever gives an hour at once shall not have it cut into windows at once.
    for (let at = 0; at < block.length; at += sampleRate) {
      for (const piece of cutter.push(block.subarray(at, at + sampleRate))) {
        cut = piece.end;
        yield piece;
      }
    }
    samples += block.length;
    onProgress(samples / sampleRate);
  }
  // The window that ends with the sound: if the one before has heard most of it, it would count twice.
  yield* cutter.flush().filter(({ start, end }) => start === 0 || end - cut >= window / 2);
}

/** Why a window says nothing of the voice; undefined: it does. */
async function unfitness(
  samples: Float32Array,
  detector: SpeechDetector | null,
): Promise<string | undefined> {
  const meter = new QualityMeter(SAMPLE_RATE);
  meter.push(samples);
  const numbers = { ...meter.result(), ...spokenOf(await detector?.hear(samples)) };
  const { reasons, unanswerable } = judgeQuality(numbers);
  if (unanswerable) return reasons[0];
  return numbers.speech < LEAST_SPEECH ? "Too little is said in it, between long pauses." : undefined;
}

function tooLittle(clips: number, { window }: ModelCard): VoiceError {
  return new VoiceError(
    `Calibration: ${clips} ${clips === 1 ? "stretch" : "stretches"} of up to ${window} s in which somebody is clearly ` +
      `heard to speak, expected ${LEAST_CLIPS} or more. Record 20 to 60 s of the person's ordinary speech, close to the ` +
      "microphone and without music or noise, or give more files of it.",
  );
}
