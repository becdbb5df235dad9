// Mel-frequency cepstral coefficients and their slopes over time, as graph nodes. Knows ONNX, not emotions.
import { floatTensor, ops, type Value } from "../../graph/index.ts";
import { type LogMelOptions, logMel } from "./log-mel.ts";
import { dctMatrix } from "./mel.ts";

export interface MfccOptions extends LogMelOptions {
  nMfcc: number;
}

/**
 * MFCC of audio `[B, S]`: `[B, T, nMfcc]` (Davis and Mermelstein 1980), orthonormal DCT-II, no lifter. ONNX Runtime
 * reads the bands transposed in the product itself.
 */
export function mfcc(audio: Value, options: MfccOptions): Value {
  const { nMels, nMfcc } = options;
  const matrix = audio.graph.constant(floatTensor(dctMatrix(nMels, nMfcc), [nMels, nMfcc]), "dct");
  return ops.matmul(ops.transpose(logMel(audio, options), [0, 2, 1]), matrix);
}

/** Frames on each side of the one whose slope is taken. */
const REACH = 4;

/**
 * Weights of nine frames that give the slope of the line, or the second derivative of the parabola, that fits
 * them best (Savitzky and Golay 1964).
 */
const SLOPES = {
  1: [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((n) => n / 60),
  2: [28, 7, -8, -17, -20, -17, -8, 7, 28].map((n) => n / 462),
};

/** First or second derivative over time of `[B, F, T]`; beyond the ends, the edge frame repeats. */
export function delta(features: Value, order: 1 | 2): Value {
  const [first, last] = [ops.slice(features, 2, 0, 1), ops.slice(features, 2, -1, Number.MAX_SAFE_INTEGER)];
  const edges = (edge: Value) => Array<Value>(REACH).fill(edge);
  const padded = ops.concat([...edges(first), features, ...edges(last)], 2);
  const channels = features.shape[1] as number;
  const weights = floatTensor(Array(channels).fill(SLOPES[order]).flat(), [channels, 1, 2 * REACH + 1]);
  return ops.conv(padded, features.graph.constant(weights, "slope"), null, { group: channels });
}
