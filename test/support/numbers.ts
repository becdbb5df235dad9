// Random tensors and masks for tests. Knows shapes only.
import { sizeOf } from "../../src/graph/index.ts";
import { Random } from "../../src/training/index.ts";

/** Numbers with their shape, however they are held. */
export interface Numbers {
  shape: readonly number[];
  data: ArrayLike<number>;
}

/** Standard normal numbers; the same seed gives the same ones. */
export function normal(
  shape: readonly number[],
  seed: number,
): { shape: readonly number[]; data: Float32Array } {
  const random = new Random(seed);
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) };
}

/** `[T, B, 1]`: 1 for the frames of each sequence, 0 behind its end. */
export function frameMask(lengths: readonly number[], frames = Math.max(...lengths)): Numbers {
  const batch = lengths.length;
  return {
    shape: [frames, batch, 1],
    data: Array.from({ length: frames * batch }, (_, i) =>
      Math.floor(i / batch) < lengths[i % batch]! ? 1 : 0,
    ),
  };
}
