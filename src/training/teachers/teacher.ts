// A teacher: features in, what a large encoder says of each stretch of 40 ms out. Knows where its weights lie, no student.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ops, type Value } from "../../graph/index.ts";
import { CorpusError } from "../corpora/index.ts";
import { Tensors } from "./safetensors.ts";
import { TEACHER_WIDTH, WHISPER_MEL, whisperFrames } from "./whisper.ts";

/**
 * After which blocks, 0 being the convolutions: what the student can follow. Chosen by nEMO, BanglaSER and some voices of ASED, so that
 * figures of those three are not blind; by none of the other corpora.
 */
const BLOCKS = [0, 1, 2];
/** Numbers that a teacher gives of each stretch: those of all its blocks. */
export const TAUGHT_WIDTH = BLOCKS.length * TEACHER_WIDTH;
/** Frames of features in one of its stretches: two of its own frames, of 20 ms, in one. */
export const TEACHER_STRIDE = 4;

export interface Teacher {
  /**
   * Features `[B, T, 80]` in dB as `WHISPER_MEL` makes them, mask `[B, T, 1]` -> `[B, T / 4, D]`, T a multiple of 4. The
   * teacher becomes part of their graph.
   */
  frames(features: Value, mask: Value): Value;
}

/** @throws Error where the file is not the weights of a Whisper encoder */
export function loadTeacher(path: string): Teacher {
  const weights = new Tensors(path);
  return {
    frames(features, mask) {
      const [batch, frames] = features.shape as [number, number];
      const found = whisperFrames(weights, BLOCKS, features, mask);
      const pairs = (x: Value) =>
        ops.reduceMean(ops.reshape(x, [batch, frames / TEACHER_STRIDE, 2, TEACHER_WIDTH]), [2]);
      return ops.concat(found.map(pairs), 2);
    },
  };
}

/**
 * SHA-256 of a teacher's file: by another one an encoder learns something else.
 * @throws CorpusError where there is no such file
 */
export function teacherHash(path: string): string {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch (error) {
    throw new CorpusError(`the teacher's file cannot be read: ${(error as Error).message}; see --teacher`);
  }
}

/** What is usual of each of a teacher's numbers, `[D]`. */
export interface Scaling {
  mean: Float32Array;
  spread: Float32Array;
}

/** @param all what it says of stretches, `[frames, D]` each: of clips that are learnt from, and of no other */
export function scalingOf(all: Iterable<ArrayLike<number>>, width = TAUGHT_WIDTH): Scaling {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  let frames = 0;
  for (const said of all) {
    for (let i = 0; i < said.length; i++) {
      sums[i % width]! += said[i]!;
      squares[i % width]! += said[i]! ** 2;
    }
    frames += said.length / width;
  }
  const mean = Float32Array.from(sums, (sum) => sum / Math.max(frames, 1));
  const spread = Float32Array.from(squares, (square, d) =>
    Math.sqrt(Math.max(square / Math.max(frames, 1) - mean[d]! ** 2, 1e-8)),
  );
  return { mean, spread };
}

/** @throws Error where a network's features are not what the teacher hears */
export function requireHeard(options: object): void {
  const wrong = Object.entries(WHISPER_MEL).find(
    ([name, value]) => (options as Record<string, unknown>)[name] !== value,
  );
  if (wrong)
    throw new Error(`a teacher hears features with ${wrong[0]} ${wrong[1]}; let the architecture have such`);
}
