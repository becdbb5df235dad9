// A person's voice calibration: what it is, and how it is read from a file's text. Knows no files.
import { steadied, type Usual } from "../speech/index.ts";

/** The mean and the spread of what a model normalises by speaker, `[voiceWidth]` each. */
export interface Voice {
  mean: ArrayLike<number>;
  spread: ArrayLike<number>;
}

/** A calibration that cannot be used. The message names it and says what was expected. */
export class VoiceError extends Error {
  override name = "VoiceError";
}

/** What a calibration must fit. */
export interface VoiceOwner {
  /** `name@version`. */
  model: string;
  voiceWidth: number;
}

/**
 * Read a calibration: `{"model": "name@version", "mean": number[], "spread": number[], "clips": n}`.
 *
 * @param name of the file, for messages
 * @throws VoiceError where it is something else, of another model or of another width
 */
export function parseVoice(json: string, owner: VoiceOwner, name: string): Voice {
  const bad = (what: string) =>
    new VoiceError(
      `Voice ${JSON.stringify(name)}: ${what}, expected {"model": ${JSON.stringify(owner.model)}, ` +
        `"mean": [${owner.voiceWidth} numbers], "spread": [${owner.voiceWidth} numbers], "clips": a whole number}. ` +
        'Make the calibration again with this model ("undertone voice" does), or leave it out.',
    );
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(json);
  } catch {
    throw new VoiceError(
      `Voice ${JSON.stringify(name)}: ${json.trim() ? "it is not JSON" : "it is empty"}, so it is no voice file. ` +
        'Make one with this model ("undertone voice" does), or leave it out.',
    );
  }
  if (typeof value !== "object" || value === null) throw bad("it is no object");
  const { model, mean, spread, clips } = value;
  if (model !== owner.model) throw bad(`"model" is ${shown(model)}; a calibration fits one model only`);
  if (!numbers(mean)) throw bad(`"mean" is ${shown(mean)}`);
  if (!numbers(spread) || spread.some((s) => s < 0)) throw bad(`"spread" is ${shown(spread)}`);
  if (!Number.isSafeInteger(clips) || (clips as number) < 1) throw bad(`"clips" is ${shown(clips)}`);
  const width = owner.voiceWidth;
  if (mean.length !== width || spread.length !== width) {
    throw bad(`"mean" has ${mean.length} numbers and "spread" ${spread.length}`);
  }
  return { mean, spread };
}

/**
 * A person's calibration: the mean and the population's standard deviation of each number over their clips.
 *
 * @param features the clips' `voiceFeatures`, `[voiceWidth]` each
 * @param usual what the model's card says is usual of them, where it does: it steadies the spread of a few clips
 * @throws VoiceError where there is no clip, or one has more numbers or fewer than the first
 */
export function voiceOf(features: readonly ArrayLike<number>[], usual?: Pick<Usual, "spread">): Voice {
  const width = features[0]?.length;
  if (width === undefined) {
    throw new VoiceError(
      "Voice: got no clips, expected one at least; give clips in which the person speaks.",
    );
  }
  const other = features.findIndex(({ length }) => length !== width);
  if (other >= 0) {
    throw new VoiceError(
      `Voice: clip ${other} has ${features[other]!.length} numbers, expected ${width}, as clip 0 has; ` +
        "give clips that one model heard.",
    );
  }
  const over = (of: (k: number) => (clip: ArrayLike<number>) => number) =>
    Float64Array.from(
      { length: width },
      (_, k) => features.map(of(k)).reduce((a, b) => a + b) / features.length,
    );
  const mean = over((k) => (clip) => clip[k]!);
  const variance = over((k) => (clip) => (clip[k]! - mean[k]!) ** 2);
  const spread = variance.map(Math.sqrt);
  if (!usual) return { mean, spread };
  // A number beyond the embedding's is a 1 that counts the clips: see `voiceFeaturesOf`.
  return { mean, spread: spread.map((own, k) => steadied(own, features.length, usual.spread[k] ?? 1)) };
}

/** The model's `voice` input, `[2, width]` row-major; zeros where the voice is not known. */
export function voiceInput(voice: Voice | undefined, width: number): Float32Array {
  const data = new Float32Array(2 * width);
  if (!voice) return data;
  if (voice.mean.length !== width || voice.spread.length !== width) {
    throw new VoiceError(
      `Voice: a mean of ${voice.mean.length} and a spread of ${voice.spread.length} numbers, ` +
        `expected ${width} each, which is what this model normalises; calibrate with this model.`,
    );
  }
  data.set(voice.mean);
  data.set(voice.spread, width);
  return data;
}

function numbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isFinite(v));
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
}
