// Sound as it comes, and how the last of it sounds, hop by hop. Knows a model and samples, no microphone and no socket.
import { QualityMeter, type QualityNumbers } from "../audio/index.ts";
import { MeanAnswer, qualityLimits } from "../speech/index.ts";
import { type Analysis, conclude, spokenOf } from "./analysis.ts";
import { LEAST_SECONDS, SAMPLE_RATE } from "./model-file.ts";
import type { Model } from "./program.ts";
import { requireFinite } from "./samples.ts";
import type { SpeechDetector } from "./speech-detector.ts";
import type { SpeechTrack } from "./speech-track.ts";
import type { Voice } from "./voice.ts";

export interface LiveOptions {
  /** Seconds from one estimate to the next. Default 0.1. */
  hop?: number;
  /** The speaker's calibration. Default: not known. */
  voice?: Voice;
}

/** How the last of the sound sounds. */
export interface LiveEstimate {
  /** Seconds from the start to the newest sample that was heard. */
  time: number;
  /** Of the last hop: root mean square, dB relative to full scale; -120 at least. */
  level: number;
  /** Whether somebody speaks in the last hop. */
  speech: boolean;
  /** `null` where the model should not answer: `because` says why. */
  emotion: string | null;
  confidence: number;
  /** By emotion; `null` where there was too little sound for the network. */
  probabilities: Record<string, number> | null;
  because?: Analysis["because"];
}

/** Seconds without speech after which nothing is said of the voice any more: longer than a pause between words. */
const SILENT_AFTER = 1;
/** dB above the background at which a hop is speech, as for the frames of the quality meter. */
const ABOVE_BACKGROUND = 6;
/** Share of a hop from which on it is speech. */
const SPEAKING = 0.5;
const LOWEST = -120;

/**
 * Holds the last window of sound, as long as the card's, and gives an estimate every hop: what `analyze` says of what is
 * held. Windows overlap almost wholly, so estimates are steady by themselves and nothing lags behind the sound.
 */
export class LiveListener {
  /** Seconds. */
  readonly hop: number;
  readonly emotions: readonly string[];
  readonly #model: Model;
  readonly #detector: SpeechDetector | null;
  readonly #voice: Voice | undefined;
  readonly #hopSamples: number;
  /** The last samples in order, of which `#length` are there. */
  readonly #window: Float32Array;
  #length = 0;
  #total = 0;
  /** Samples until the next estimate. */
  #due: number;
  /** When speech was heard last, in samples. */
  #spoken = 0;

  /** @param detector `null`: what stands out of the background counts as speech */
  constructor(model: Model, detector: SpeechDetector | null, { hop = 0.1, voice }: LiveOptions = {}) {
    const { card } = model.file;
    if (!(hop >= 0.01 && hop <= card.window)) {
      throw new RangeError(
        `live: a hop of ${hop} s, expected 0.01 s to the model's window of ${card.window} s`,
      );
    }
    this.hop = hop;
    this.emotions = card.emotions;
    this.#model = model;
    this.#detector = detector;
    this.#voice = voice;
    this.#hopSamples = Math.round(hop * SAMPLE_RATE);
    this.#due = this.#hopSamples;
    this.#window = new Float32Array(Math.round(card.window * SAMPLE_RATE));
  }

  /**
   * Takes the next samples, mono at 16,000 Hz, `[n]`, any n; gives an estimate for each hop that they complete. One call
   * at a time.
   * @param newest where several hops are complete, one estimate of them all: for who is behind the sound
   * @throws RangeError where a sample is no number; nothing of the block is then heard
   */
  async push(block: Float32Array, newest = false): Promise<LiveEstimate[]> {
    requireFinite(block, this.#total, "live");
    const estimates: LiveEstimate[] = [];
    let isDue = false;
    for (let at = 0; at < block.length; ) {
      const part = block.subarray(at, at + this.#due);
      this.#hold(part);
      at += part.length;
      this.#due -= part.length;
      if (this.#due > 0) continue;
      this.#due = this.#hopSamples;
      if (newest) isDue = true;
      else estimates.push(await this.#estimate());
    }
    return isDue ? [await this.#estimate()] : estimates;
  }

  /** Keeps the newest samples; no part is longer than the window. */
  #hold(part: Float32Array): void {
    const over = this.#length + part.length - this.#window.length;
    if (over > 0) {
      this.#window.copyWithin(0, over, this.#length);
      this.#length -= over;
    }
    this.#window.set(part, this.#length);
    this.#length += part.length;
    this.#total += part.length;
  }

  async #estimate(): Promise<LiveEstimate> {
    const held = this.#window.subarray(0, this.#length);
    const level = levelOf(held.subarray(-this.#hopSamples));
    const meter = new QualityMeter(SAMPLE_RATE);
    meter.push(held);
    const numbers = meter.result();
    const track = (await this.#detector?.hear(held)) ?? null;
    const heard = await this.#hear(held, numbers, track);
    const voiced = track
      ? track.share(numbers.seconds - this.hop, numbers.seconds) >= SPEAKING
      : level > background(numbers) + ABOVE_BACKGROUND;
    const speech = level >= qualityLimits.silenceLevel && voiced;
    if (speech) this.#spoken = this.#total;
    const silent = this.#total - this.#spoken >= SILENT_AFTER * SAMPLE_RATE;
    const because = heard.because ?? (silent ? quiet(level) : undefined);
    return {
      time: this.#total / SAMPLE_RATE,
      level,
      speech,
      emotion: because ? null : heard.emotion,
      confidence: heard.confidence,
      probabilities: heard.probabilities,
      ...(because && { because }),
    };
  }

  /** What `analyze` says of the samples. */
  async #hear(held: Float32Array, numbers: QualityNumbers, track: SpeechTrack | null): Promise<Analysis> {
    const { card } = this.#model.file;
    const whole = new MeanAnswer(card.emotions);
    if (held.length >= LEAST_SECONDS * SAMPLE_RATE) {
      const [answer] = await this.#model.run([held], this.#voice);
      whole.add(answer!, numbers.seconds);
    }
    return conclude(card, { ...numbers, ...spokenOf(track ?? undefined) }, whole.sounds);
  }
}

/** Why nothing is said of a voice that has ended: there is no sound, or there is, and nobody speaks. */
function quiet(level: number): "silence" | "no-speech" {
  return level < qualityLimits.silenceLevel ? "silence" : "no-speech";
}

/** Level of the background, dBFS: what is left of the speech's level without the speech. */
function background({ level, snr }: QualityNumbers): number {
  return level - 10 * Math.log10(1 + 10 ** (snr / 10));
}

function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  return Math.max(LOWEST, 10 * Math.log10(power));
}
