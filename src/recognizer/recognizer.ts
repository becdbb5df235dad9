// The recogniser: a model file that hears. Knows the model and windows; runs anywhere.
import type { Runtime } from "../runtime/index.ts";
import type { ModelCard } from "../speech/index.ts";
import type { Analysis } from "./analysis.ts";
import { type AnalyzeOptions, analyzeSound, type Sound } from "./analyze.ts";
import {
  type CalibrateOptions,
  type Calibration,
  type CalibrationSounds,
  calibrateVoice,
} from "./calibrate.ts";
import { classifyClips } from "./classify.ts";
import { LiveListener, type LiveOptions } from "./live.ts";
import { type ClipAnswer, type LoadModelOptions, loadModel } from "./program.ts";
import { loadSpeechDetector } from "./speech-detector.ts";
import type { Voice } from "./voice.ts";

export interface Recognizer {
  readonly card: ModelCard;
  /** Numbers in a voice's mean, and in its spread. */
  readonly voiceWidth: number;
  /**
   * How a recording of any length sounds, or why that cannot be said. It is heard utterance by utterance, and a timeline in
   * windows; memory does not grow with its length.
   *
   * @param sound mono, 16,000 Hz: samples, or blocks of any length as they come
   * @throws RangeError where a sample is no number; or the signal's reason
   */
  analyze(sound: Sound | Float32Array, options?: AnalyzeOptions): Promise<Analysis>;
  /**
   * The model's own answer for each clip, heard whole: no windows, no verdict on the sound, no threshold. For
   * measuring. Equal clips share runs, which changes no answer by more than the rounding of float32.
   *
   * @param clips mono, 16,000 Hz, `[samples]` each, at least 0.25 s
   * @throws RangeError where a clip is shorter or has a sample that is no number
   */
  classify(clips: readonly Float32Array[], options?: { voice?: Voice }): Promise<ClipAnswer[]>;
  /**
   * How a person usually sounds to this model, from 20 to 60 s of their ordinary speech: give it as `voice` to the others.
   * What nobody speaks in does not count, and memory does not grow with the length of a sound.
   *
   * @param sounds of one person, mono, 16,000 Hz: samples, or blocks of any length as they come
   * @throws VoiceError where there is too little speech; RangeError where a sample is no number; or the signal's reason
   */
  calibrate(sounds: CalibrationSounds, options?: CalibrateOptions): Promise<Calibration>;
  /**
   * Listens to sound as it comes, and says at every hop how the last of it sounds.
   * @throws RangeError where the hop is shorter than a hundredth of a second or longer than the card's window
   */
  live(options?: LiveOptions): LiveListener;
  /** Lets the model go. */
  dispose(): Promise<void>;
}

export interface RecognizerOptions extends LoadModelOptions {
  /**
   * The bytes of `models/speech.onnx`, which hears whether somebody speaks. Without it all that stands out of a steady
   * background counts as speech, music and barking too.
   */
  speech?: Uint8Array;
}

/**
 * A recogniser from a model file's bytes.
 * @throws ModelError where they are no model of ours, or the runtime cannot run them
 */
export async function createRecognizer(
  bytes: Uint8Array,
  runtime: Runtime,
  { speech, ...options }: RecognizerOptions = {},
): Promise<Recognizer> {
  const model = await loadModel(bytes, runtime, options);
  const detector = speech ? await loadSpeechDetector(speech, runtime) : null;
  const { card, voiceWidth } = model.file;
  return {
    card,
    voiceWidth,
    analyze: (sound, options) => analyzeSound(model, detector, sound, options),
    classify: (clips, { voice } = {}) => classifyClips(model, clips, voice),
    calibrate: (sounds, options) => calibrateVoice(model, detector, sounds, options),
    live: (options) => new LiveListener(model, detector, options),
    async dispose() {
      await model.dispose();
      await detector?.dispose();
    },
  };
}
