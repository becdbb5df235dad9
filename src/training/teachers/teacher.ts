// A teacher: sound in, what a large encoder says of each stretch of 40 ms out. Knows where its weights lie, no student.
import { createHash } from "node:crypto";
import { writeModel } from "../../onnx/index.ts";
import { nodeRuntime } from "../../runtime/index.node.ts";
import { Tensors } from "./safetensors.ts";
import { TEACHER_WIDTH, teacherFrames, whisperModel } from "./whisper.ts";

/**
 * After which blocks, 0 being the convolutions: what the student can follow. Chosen by nEMO, BanglaSER and some voices of ASED, so that
 * figures of those three are not blind; by none of the other corpora.
 */
const BLOCKS = [0, 1, 2];
/** Numbers that a teacher gives of each stretch: those of all its blocks. */
export const TAUGHT_WIDTH = BLOCKS.length * TEACHER_WIDTH;

export interface Teacher {
  /** Stands for the weights and the blocks: what is kept of one teacher is no other's. */
  readonly id: string;
  /** Mono, 16,000 Hz -> `[ceil(T / 2), D]`: two of the encoder's frames of 20 ms in one, the last one perhaps alone. */
  hear(audio: Float32Array): Promise<Float16Array>;
  close(): Promise<void>;
}

/** @throws Error where the file is not the weights of a Whisper encoder */
export async function loadTeacher(path: string): Promise<Teacher> {
  const weights = new Tensors(path);
  const model = writeModel(whisperModel(weights, BLOCKS));
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
      return inPairs(
        BLOCKS.map((block) => outputs[`block${block}`]!.data as Float32Array),
        frames,
      );
    },
    close: () => program.dispose(),
  };
}

/** `[T, 512]` of each block -> `[ceil(T / 2), D]`, the blocks side by side. */
function inPairs(blocks: readonly Float32Array[], frames: number): Float16Array {
  const pairs = new Float16Array(Math.ceil(frames / 2) * TAUGHT_WIDTH);
  for (let pair = 0; 2 * pair < frames; pair++) {
    const first = 2 * pair * TEACHER_WIDTH;
    const second = Math.min(2 * pair + 1, frames - 1) * TEACHER_WIDTH;
    blocks.forEach((data, block) => {
      const to = pair * TAUGHT_WIDTH + block * TEACHER_WIDTH;
      for (let d = 0; d < TEACHER_WIDTH; d++) pairs[to + d] = (data[first + d]! + data[second + d]!) / 2;
    });
  }
  return pairs;
}

/** What is usual of each of a teacher's numbers, `[D]`. */
export interface Scaling {
  mean: Float32Array;
  spread: Float32Array;
}

/** What is kept of the teacher for training: a byte a number, so many steps to the spread, the mean at `ZERO`. */
export const STEPS = 32;
export const ZERO = 128;

/** Frames `[T, D]` as bytes: within four spreads of the mean to a 64th of one, which is far below what is learnt. */
export function scaled(said: Float16Array, { mean, spread }: Scaling): Uint8Array {
  const width = mean.length;
  const bytes = new Uint8ClampedArray(said.length);
  for (let at = 0; at < said.length; at += width) {
    for (let d = 0; d < width; d++) bytes[at + d] = ((said[at + d]! - mean[d]!) / spread[d]!) * STEPS + ZERO;
  }
  return new Uint8Array(bytes.buffer);
}

/** @param said of clips that are learnt from, and of no other; `[T, width]` each */
export function scalingOf(said: Iterable<Float16Array>, width = TAUGHT_WIDTH): Scaling {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  let frames = 0;
  for (const clip of said) {
    for (let at = 0; at < clip.length; at += width, frames++) {
      for (let d = 0; d < width; d++) {
        const value = clip[at + d]!;
        sums[d]! += value;
        squares[d]! += value * value;
      }
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / Math.max(frames, 1));
  const spread = Float32Array.from(squares, (square, d) =>
    Math.sqrt(Math.max(square / Math.max(frames, 1) - mean[d]! ** 2, 1e-8)),
  );
  return { mean, spread };
}
