// What can be seen of a recording: its wave, its spectrogram, its MFCC, where the model listened. Knows columns, no files.
import type { Runtime } from "../runtime/index.ts";
import type { Observer } from "./analyze.ts";
import { Columns } from "./columns.ts";
import { FeatureStream, type Features, type Frames, loadFeatures } from "./feature-stream.ts";
import { SAMPLE_RATE } from "./model-file.ts";

/** A picture as bytes, column by column, lowest row first. */
export interface Picture {
  rows: number;
  /** `[columns, rows]`: 0 is the least, 255 the most of the stated range. */
  data: Uint8Array;
}

/** Equal steps of time, `columns` of them, at most 2,000; the last may be cut short by the end. */
export interface Evidence {
  seconds: number;
  columns: number;
  /** `[columns, 2]`: least and greatest sample, times 127. */
  peaks: Int8Array;
  /** Log-mel; `low` and `high` in dB, the same for all rows; `hertz` is each row's centre. */
  spectrogram: Picture & { low: number; high: number; hertz: number[] };
  /** `low` and `high` per coefficient: its own least and most. */
  mfcc: Picture & { low: number[]; high: number[] };
  /** `[columns]`: 255 where the model listened most, within what it heard in one piece; 0 where it did not. */
  attention: Uint8Array;
}

/** dB from the loudest down that a spectrogram shows: what lies lower is not heard beside it. */
const RANGE = 80;

/** Makes evidence of recordings: `begin` one, give it to `analyze` as `observer`, and `finish` it. */
export interface EvidenceMaker {
  begin(): EvidenceRecord;
  /** Lets the features' program go. */
  dispose(): Promise<void>;
}

/**
 * @param bytes of `models/features.onnx`
 * @throws ModelError where they are something else
 */
export async function createEvidence(bytes: Uint8Array, runtime: Runtime): Promise<EvidenceMaker> {
  const features = await loadFeatures(bytes, runtime);
  let spare: EvidenceRecord | undefined;
  return {
    begin() {
      const record =
        spare ??
        new EvidenceRecord(features, () => {
          spare = record;
        });
      spare = undefined;
      return record;
    },
    dispose: () => features.program.dispose(),
  };
}

/** Layers of the columns. */
const [LOG_MEL, MFCC, ATTENTION] = [0, 1, 2] as const;

/** The evidence of one recording while it is heard. Memory does not grow with the recording. */
export class EvidenceRecord implements Observer {
  readonly #layout: Features["layout"];
  readonly #stream: FeatureStream;
  readonly #bands: number;
  readonly #coefficients: number;
  readonly #columns: Columns;

  readonly #onFinish: () => void;

  /** @param onFinish it is as new, and can be begun with again */
  constructor(features: Features, onFinish: () => void) {
    this.#onFinish = onFinish;
    const width = (name: string) => Number(features.program.outputs.find((o) => o.name === name)?.shape[1]);
    this.#layout = features.layout;
    this.#stream = new FeatureStream(features);
    this.#bands = width("log_mel");
    this.#coefficients = width("mfcc");
    this.#columns = new Columns([this.#bands, this.#coefficients, 1]);
  }

  async samples(block: Float32Array): Promise<void> {
    this.#columns.push(block);
    for (const frames of await this.#stream.push(block)) this.#take(frames);
  }

  window(start: number, end: number, attention: Float32Array): void {
    const from = start * SAMPLE_RATE;
    const step = ((end - start) * SAMPLE_RATE) / attention.length;
    // Against an even share: a frame of a long utterance has a smaller one.
    const listened = attention.map((share) => share * attention.length);
    for (let i = 0; i < listened.length; i++) {
      this.#columns.add(ATTENTION, from + i * step, from + (i + 1) * step, listened, i);
    }
  }

  /** The recording ends here, and so does this record: `begin` another one. */
  async finish(): Promise<Evidence> {
    const columns = this.#columns;
    const { samples } = columns;
    if (samples > 0) this.#take(await this.#stream.finish(), samples);
    const attention = columns.means(ATTENTION);
    const evidence = {
      seconds: samples / SAMPLE_RATE,
      columns: columns.count,
      peaks: Int8Array.from(columns.peaks(), (x) => Math.round(127 * Math.max(-1, Math.min(1, x)))),
      spectrogram: { ...spectrogram(columns.means(LOG_MEL), this.#bands), hertz: this.#layout.hertz },
      mfcc: cepstrogram(columns.means(MFCC), this.#coefficients),
      attention: bytes(attention, [0], [most(attention) || 1]),
    };
    columns.reset();
    this.#stream.reset();
    this.#onFinish();
    return evidence;
  }

  /** @param end where the recording ends, if these are its last frames: the last of them stands for what is left */
  #take({ first, count, logMel, mfcc }: Frames, end = Number.POSITIVE_INFINITY): void {
    const hop = this.#layout.hopSamples;
    for (let i = 0; i < count; i++) {
      const centre = (first + i) * hop;
      const from = Math.max(0, centre - hop / 2);
      const isLast = end < Number.POSITIVE_INFINITY && i === count - 1;
      const to = isLast ? end : Math.min(end, centre + hop / 2);
      this.#columns.add(LOG_MEL, from, to, logMel, i * this.#bands);
      this.#columns.add(MFCC, from, to, mfcc, i * this.#coefficients);
    }
  }
}

/** One range for all rows, from the loudest down. */
function spectrogram(means: Float32Array, rows: number) {
  const high = means.length > 0 ? Math.ceil(most(means)) : 0;
  const low = high - RANGE;
  return { rows, low, high, data: bytes(means, new Array(rows).fill(low), new Array(rows).fill(high)) };
}

/** Each coefficient has a range of its own: the first is a hundred times the last. */
function cepstrogram(means: Float32Array, rows: number) {
  const low = new Array<number>(rows).fill(means.length > 0 ? Number.POSITIVE_INFINITY : 0);
  const high = low.map((least) => -least);
  for (let i = 0; i < means.length; i++) {
    const row = i % rows;
    if (means[i]! < low[row]!) low[row] = means[i]!;
    if (means[i]! > high[row]!) high[row] = means[i]!;
  }
  return { rows, low: low.map(hundredths), high: high.map(hundredths), data: bytes(means, low, high) };
}

/** `[columns, rows]` as bytes of each row's range, rounded and cut off at its ends. */
function bytes(means: Float32Array, low: readonly number[], high: readonly number[]): Uint8Array {
  const rows = low.length;
  const scale = Float64Array.from(low, (least, row) => 255 / (high[row]! - least || 1));
  const zero = Float64Array.from(low, (least, row) => least * scale[row]!);
  const data = new Uint8ClampedArray(means.length);
  for (let at = 0; at < means.length; at += rows) {
    for (let row = 0; row < rows; row++) data[at + row] = means[at + row]! * scale[row]! - zero[row]!;
  }
  return new Uint8Array(data.buffer);
}

function most(values: Float32Array): number {
  let found = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! > found) found = values[i]!;
  return found;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
