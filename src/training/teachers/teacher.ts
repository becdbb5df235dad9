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

/** What is usual of the teacher's frames. */
export interface Scaling {
  /**
   * `[PLACES, 512]`: the mean at each place from a clip's begin, the last of them for all that follow. The encoder adds
   * to every frame where it stands, which a student that hears a stretch of a clip cannot know.
   */
  mean: Float32Array;
  /** `[512]`: the spread around that. */
  spread: Float32Array;
}
const PLACES = 64;

/** What is kept of the teacher for training: a byte a number, so many steps to the spread, the mean at `ZERO`. */
export const STEPS = 32;
export const ZERO = 128;

/**
 * Frames `[T, 512]` as bytes: within four spreads of the mean to a 64th of one, which is far below what is learnt.
 * @param apart how far the speaker lies from what is usual: taken away too
 */
export function scaled(said: Float16Array, { mean, spread }: Scaling, apart?: Float32Array): Uint8Array {
  const bytes = new Uint8ClampedArray(said.length);
  for (let at = 0; at < said.length; at += TEACHER_WIDTH) {
    const usual = Math.min(at, mean.length - TEACHER_WIDTH);
    for (let d = 0; d < TEACHER_WIDTH; d++) {
      bytes[at + d] =
        ((said[at + d]! - mean[usual + d]! - (apart ? apart[d]! : 0)) / spread[d]!) * STEPS + ZERO;
    }
  }
  return new Uint8Array(bytes.buffer);
}

/** How far what is said of some clips lies from what is usual, on the average: `[512]`. */
export function apartFrom(said: Iterable<Float16Array>, { mean }: Scaling): Float32Array {
  const sums = new Float64Array(TEACHER_WIDTH);
  let frames = 0;
  for (const clip of said) {
    for (let at = 0; at < clip.length; at += TEACHER_WIDTH, frames++) {
      const usual = Math.min(at, mean.length - TEACHER_WIDTH);
      for (let d = 0; d < TEACHER_WIDTH; d++) sums[d]! += clip[at + d]! - mean[usual + d]!;
    }
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(frames, 1));
}

/** @param said of the clips that are learnt from, and of no other */
export function scalingOf(said: Iterable<Float16Array>): Scaling {
  const sums = new Float64Array(PLACES * TEACHER_WIDTH);
  const squares = new Float64Array(TEACHER_WIDTH);
  const counts = new Float64Array(PLACES);
  for (const clip of said) {
    for (let at = 0; at < clip.length; at += TEACHER_WIDTH) {
      const place = Math.min(at / TEACHER_WIDTH, PLACES - 1);
      counts[place]! += 1;
      for (let d = 0; d < TEACHER_WIDTH; d++) {
        const value = clip[at + d]!;
        sums[place * TEACHER_WIDTH + d]! += value;
        squares[d]! += value * value;
      }
    }
  }
  const mean = new Float32Array(sums.length);
  const explained = new Float64Array(TEACHER_WIDTH);
  for (const [i, sum] of sums.entries()) {
    const count = Math.max(counts[Math.floor(i / TEACHER_WIDTH)]!, 1);
    mean[i] = sum / count;
    explained[i % TEACHER_WIDTH]! += (sum * sum) / count;
  }
  const frames = counts.reduce((total, count) => total + count, 0);
  const spread = Float32Array.from(squares, (square, d) =>
    Math.sqrt(Math.max((square - explained[d]!) / frames, 1e-8)),
  );
  return { mean, spread };
}
