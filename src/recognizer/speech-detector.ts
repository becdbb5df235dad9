// Hears whether somebody speaks. Knows the detector's file and samples, no emotion.
import { readModel } from "../onnx/index.ts";
import type { Program, Runtime } from "../runtime/index.ts";
import { ModelError } from "./errors.ts";
import { SAMPLE_RATE } from "./model-file.ts";
import { CHUNK_SECONDS, SpeechTrack } from "./speech-track.ts";

const CHUNK = CHUNK_SECONDS * SAMPLE_RATE;
/** Samples before the first chunk that the network sees too, and as many after the last that it wants and does not hear. */
const CONTEXT = 64;
/** New chunks in one run, about a second: a voice after loud music is brought to its level no later. */
const CHUNKS = 32;
/**
 * Chunks before them that a run begins with, half a second: the network remembers. Not more, since what it remembers of a
 * minute of music makes it deaf to the voice that comes after.
 */
const WARM_UP = 16;
const BEFORE = CONTEXT + WARM_UP * CHUNK;
/**
 * Level that the loudest tenth of a second of every run is brought to, dBFS: the network is deaf to what is very quiet.
 * Noise is brought there too, which does not make it speech.
 */
const LEVEL = -16;
const TENTH = SAMPLE_RATE / 10;
/** What is quieter than this stays below `LEVEL`: there is nothing in it but the recorder's own noise. */
const LEAST_LEVEL = -70;

/** A loaded detector, for any number of recordings. */
export class SpeechDetector {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Listens to a recording. */
  begin(): SpeechStream {
    return new SpeechStream(this.#program);
  }

  /** Where somebody speaks in a sound that is there, mono at 16,000 Hz, `[samples]`. */
  async hear(sound: Float32Array): Promise<SpeechTrack> {
    const stream = this.begin();
    await stream.push(sound);
    await stream.finish();
    return stream.track;
  }

  /** Lets the network go. */
  dispose(): Promise<void> {
    return this.#program.dispose();
  }
}

/** One recording while it is heard: runs are of fixed length, so pieces of any size give the same numbers. */
export class SpeechStream {
  readonly track = new SpeechTrack();
  readonly #program: Program;
  /** What a run sees of the sound before it, then what waits to be heard, of which `#length` samples are there. */
  readonly #samples = new Float32Array(BEFORE + CHUNKS * CHUNK);
  #length = 0;
  /** Chunks before the next run that were sound: none where a recording begins. */
  #warmUp = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Takes the next samples, `[n]`; gives what is known by then and was not: probabilities of the next chunks. */
  async push(block: Float32Array): Promise<number[]> {
    const fresh: number[] = [];
    for (let at = 0; at < block.length; ) {
      const part = block.subarray(at, at + CHUNKS * CHUNK - this.#length);
      this.#samples.set(part, BEFORE + this.#length);
      this.#length += part.length;
      at += part.length;
      if (this.#length === CHUNKS * CHUNK) fresh.push(...(await this.#run()));
    }
    return fresh;
  }

  /** The recording ends here; a last piece of a chunk is heard with silence behind it. Gives what is left. */
  async finish(): Promise<Float32Array> {
    return this.#length > 0 ? await this.#run() : new Float32Array(0);
  }

  async #run(): Promise<Float32Array> {
    const chunks = this.#warmUp + Math.ceil(this.#length / CHUNK);
    const end = BEFORE + this.#length;
    const data = new Float32Array(CONTEXT + chunks * CHUNK + CONTEXT);
    data.set(this.#samples.subarray(BEFORE - this.#warmUp * CHUNK - CONTEXT, end));
    const gain = 10 ** ((LEVEL - Math.max(LEAST_LEVEL, loudest(data))) / 20);
    for (let i = 0; i < data.length; i++) data[i]! *= gain;
    const { speech } = await this.#program.run({ audio: { shape: [data.length], data } });
    const fresh = (speech!.data as Float32Array).subarray(this.#warmUp);
    this.track.add(fresh);
    this.#samples.copyWithin(0, this.#length, end);
    this.#length = 0;
    this.#warmUp = WARM_UP;
    return fresh;
  }
}

/** Level of the loudest tenth of a second, dBFS. */
function loudest(samples: Float32Array): number {
  let most = 0;
  for (let at = 0; at < samples.length; at += TENTH) {
    let power = 0;
    for (let i = at; i < Math.min(at + TENTH, samples.length); i++) power += samples[i]! ** 2;
    most = Math.max(most, power / TENTH);
  }
  return 10 * Math.log10(most);
}

/**
 * @param bytes of `models/speech.onnx`
 * @throws ModelError where they are something else
 */
export async function loadSpeechDetector(bytes: Uint8Array, runtime: Runtime): Promise<SpeechDetector> {
  const { inputs, outputs } = readModel(bytes).graph;
  const names = [inputs, outputs].map((ports) => ports.map(({ name }) => name).join(", "));
  if (names.join(" -> ") !== "audio -> speech") {
    throw new ModelError(
      "not-a-model",
      `The detector of speech: the file makes ${names[1]} of ${names[0]}, expected speech of audio; it should be ` +
        "models/speech.onnx, which examples/make-speech.ts makes.",
    );
  }
  return new SpeechDetector(await runtime.load(bytes));
}
