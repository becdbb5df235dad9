// A teacher: sound in, what a large encoder says of each stretch of 40 ms out. Knows where its weights lie, no student.
import { createHash } from "node:crypto";
import { writeModel } from "../../onnx/index.ts";
import { nodeRuntime } from "../../runtime/index.node.ts";
import { Tensors } from "./safetensors.ts";
import { TEACHER_WIDTH, teacherFrames, whisperModel } from "./whisper.ts";

/** After which block: chosen by folds that no figure is measured on, see docs/results.md. */
const BLOCK = 3;

export interface Teacher {
  /** Stands for the weights and the block: what is kept of one teacher is no other's. */
  readonly id: string;
  /** Mono, 16,000 Hz -> `[ceil(T / 2), 512]`: two of the encoder's frames of 20 ms in one, the last one perhaps alone. */
  hear(audio: Float32Array): Promise<Float16Array>;
  close(): Promise<void>;
}

/** @throws Error where the file is not the weights of a Whisper encoder */
export async function loadTeacher(path: string): Promise<Teacher> {
  const weights = new Tensors(path);
  const model = writeModel(whisperModel(weights, [BLOCK]));
  const positions = weights.get("embed_positions_weight").data;
  const program = await nodeRuntime.load(model);
  return {
    id: createHash("sha256").update(model).digest("hex").slice(0, 16),
    async hear(audio) {
      const frames = teacherFrames(audio.length);
      const outputs = await program.run({
        audio: { shape: [1, audio.length], data: audio },
        positions: { shape: [frames, TEACHER_WIDTH], data: positions.subarray(0, frames * TEACHER_WIDTH) },
      });
      return inPairs(outputs[`block${BLOCK}`]!.data as Float32Array, frames);
    },
    close: () => program.dispose(),
  };
}

function inPairs(data: Float32Array, frames: number): Float16Array {
  const pairs = new Float16Array(Math.ceil(frames / 2) * TEACHER_WIDTH);
  for (let i = 0; i < pairs.length; i++) {
    const [pair, d] = [Math.floor(i / TEACHER_WIDTH), i % TEACHER_WIDTH];
    const second = Math.min(2 * pair + 1, frames - 1);
    pairs[i] = (data[2 * pair * TEACHER_WIDTH + d]! + data[second * TEACHER_WIDTH + d]!) / 2;
  }
  return pairs;
}

/** Mean and spread of each of the teacher's numbers, over all frames. */
export interface Scaling {
  mean: Float32Array;
  spread: Float32Array;
}

/** @param said of the clips that are learnt from, and of no other */
export function scalingOf(said: Iterable<Float16Array>): Scaling {
  const [sums, squares] = [new Float64Array(TEACHER_WIDTH), new Float64Array(TEACHER_WIDTH)];
  let frames = 0;
  for (const clip of said) {
    frames += clip.length / TEACHER_WIDTH;
    for (let i = 0; i < clip.length; i++) {
      const d = i % TEACHER_WIDTH;
      sums[d]! += clip[i]!;
      squares[d]! += clip[i]! ** 2;
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / frames);
  const spread = Float32Array.from(squares, (square, d) =>
    Math.sqrt(Math.max(square / frames - (sums[d]! / frames) ** 2, 1e-8)),
  );
  return { mean, spread };
}
