// A model that runs: equal clips in, what it says of each out. Knows the names of inputs and outputs.
import { type Program, type Runtime, RuntimeError } from "../runtime/index.ts";
import { unlikeness } from "../speech/index.ts";
import { ModelError } from "./errors.ts";
import { type ModelFile, readModelFile } from "./model-file.ts";
import { type Voice, voiceInput } from "./voice.ts";

/** What the network says of one clip. */
export interface ClipAnswer {
  /** `[emotions]`, in the card's order; sums to 1. */
  probabilities: Float32Array;
  /** `[frames]`: how much each frame counted; sums to 1. */
  attention: Float32Array;
  /** `[width]`: what the last dense layer sees. */
  embedding: Float32Array;
  /** `[voiceWidth]`: what a voice's mean and spread are of. */
  voiceFeatures: Float32Array;
  /** How far the embedding lies from all that the model was trained on; absent: its card does not say what that is. */
  unlikeness?: number;
}

export interface LoadModelOptions {
  /** Threads for one operator. Default 1. */
  threads?: number;
  /** What the model is called in messages, and if it has no card. Default "model". */
  name?: string;
}

/** A loaded model. */
export class Model {
  readonly file: ModelFile;
  readonly #program: Program;

  /** @param file what the program's own file says of it */
  constructor(program: Program, file: ModelFile) {
    this.#program = program;
    this.file = file;
  }

  /**
   * One run over clips of one length, `[samples]` each.
   * @throws RuntimeError where ONNX Runtime stops; VoiceError where the voice is of another width
   */
  async run(clips: readonly Float32Array[], voice?: Voice): Promise<ClipAnswer[]> {
    const samples = clips[0]!.length;
    const audio = new Float32Array(clips.length * samples);
    for (const [i, clip] of clips.entries()) audio.set(clip, i * samples);
    const { voiceWidth: width, card } = this.file;
    const outputs = await this.#program.run({
      audio: { shape: [clips.length, samples], data: audio },
      voice: { shape: [2, width], data: voiceInput(voice, width) },
    });
    const row = (name: string, i: number) => {
      const data = outputs[name]!.data as Float32Array;
      const length = data.length / clips.length;
      return data.slice(i * length, (i + 1) * length);
    };
    return clips.map((_, i) => {
      const embedding = row("embedding", i);
      return {
        probabilities: row("probabilities", i),
        attention: row("attention", i),
        embedding,
        voiceFeatures: row("voice_features", i),
        ...(card.usual && { unlikeness: unlikeness(embedding, card.usual) }),
      };
    });
  }

  dispose(): Promise<void> {
    return this.#program.dispose();
  }
}

/** @throws ModelError where the bytes are no model of ours, or the runtime cannot run them */
export async function loadModel(
  bytes: Uint8Array,
  runtime: Runtime,
  { threads = 1, name = "model" }: LoadModelOptions = {},
): Promise<Model> {
  const file = readModelFile(bytes, name);
  try {
    return new Model(await runtime.load(bytes, { threads }), file);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw new ModelError("cannot-run", `Model ${JSON.stringify(name)}: ${error.message}. Export it again.`, {
      cause: error,
    });
  }
}
