// Frames of features from sound that arrives in pieces, the same as from the whole. Knows a program of the features, no picture.
import { readModel } from "../onnx/index.ts";
import type { Program, Runtime } from "../runtime/index.ts";
import { ModelError } from "./errors.ts";

/** What the file of the features says of its frames. */
export interface FeatureLayout {
  sampleRate: number;
  hopSamples: number;
  windowSamples: number;
  /** Centre of each mel band, lowest first. */
  hertz: number[];
}

/** A program that gives `log_mel` and `mfcc` of `audio`, and its layout. */
export interface Features {
  program: Program;
  layout: FeatureLayout;
}

/** @throws ModelError where the bytes are no file of the features */
export async function loadFeatures(bytes: Uint8Array, runtime: Runtime): Promise<Features> {
  const json = readModel(bytes).metadata["undertone.features"];
  if (json === undefined) {
    throw new ModelError(
      "not-a-model",
      'The features of the evidence: the file has no "undertone.features" in its metadata; ' +
        "make it again with examples/make-features.ts.",
    );
  }
  return { program: await runtime.load(bytes), layout: JSON.parse(json) as FeatureLayout };
}

/** Some frames in a row, the first of them the recording's `first`; frame t is centred at sample t hop. */
export interface Frames {
  first: number;
  count: number;
  /** `[count, bands]`, dB */
  logMel: Float32Array;
  /** `[count, coefficients]` */
  mfcc: Float32Array;
}

/** Samples in one run, 4 s: a short clip is one run, and more gains nothing. */
const SAMPLES = 65_536;

/** Cuts sound into runs that overlap as far as a frame reaches. */
export class FeatureStream {
  readonly #features: Features;
  /** Frames before the next one whose samples are kept: one more than it reaches, so that an end has room to be mirrored. */
  readonly #context: number;
  readonly #held = new Float32Array(SAMPLES);
  #length = 0;
  /** Where `#held` begins in the recording. */
  #begin = 0;
  /** The next frame. */
  #next = 0;

  constructor(features: Features) {
    this.#features = features;
    const { windowSamples, hopSamples } = features.layout;
    this.#context = Math.ceil(windowSamples / 2 / hopSamples) + 1;
  }

  /** Takes the next samples, `[n]`; gives the frames that they complete. */
  async push(block: Float32Array): Promise<Frames[]> {
    const out: Frames[] = [];
    for (let at = 0; at < block.length; ) {
      const part = block.subarray(at, at + SAMPLES - this.#length);
      this.#held.set(part, this.#length);
      this.#length += part.length;
      at += part.length;
      if (this.#length === SAMPLES) out.push(await this.#run());
    }
    return out;
  }

  /** The recording ends here: the frames that are left. */
  async finish(): Promise<Frames> {
    const { hopSamples, windowSamples } = this.#features.layout;
    const end = 1 + Math.floor((this.#begin + this.#length) / hopSamples);
    // What is shorter than a window is heard with silence behind it.
    const samples = new Float32Array(Math.max(this.#length, windowSamples));
    samples.set(this.#held.subarray(0, this.#length));
    return this.#frames(samples, end);
  }

  /** Forgets the recording, and is as new. */
  reset(): void {
    this.#length = 0;
    this.#begin = 0;
    this.#next = 0;
  }

  async #run(): Promise<Frames> {
    const { hopSamples, windowSamples } = this.#features.layout;
    // The first frame that reaches beyond what is held.
    const end = 1 + Math.floor((this.#begin + this.#length - windowSamples / 2) / hopSamples);
    const frames = await this.#frames(this.#held, end);
    const keep = (end - this.#context) * hopSamples - this.#begin;
    this.#held.copyWithin(0, keep, this.#length);
    this.#begin += keep;
    this.#length -= keep;
    return frames;
  }

  /** Frames from the next one up to `end`, of samples that begin where `#held` does. */
  async #frames(samples: Float32Array, end: number): Promise<Frames> {
    const { program, layout } = this.#features;
    const outputs = await program.run({ audio: { shape: [1, samples.length], data: samples } });
    const first = this.#next;
    const offset = first - this.#begin / layout.hopSamples;
    const count = end - first;
    const rows = (name: string) => {
      const { shape, data } = outputs[name]!;
      const width = shape[1]!;
      return (data as Float32Array).subarray(offset * width, (offset + count) * width);
    };
    this.#next = end;
    return { first, count, logMel: rows("log_mel"), mfcc: rows("mfcc") };
  }
}
