// The first blocks of a Whisper encoder in a graph: what a student learns from. Knows the published weights by name.
// Source: Radford et al. 2022, arXiv:2212.04356, section 2.2; pre-norm blocks after Vaswani et al. 2017.
import { floatTensor, ops, type Value } from "../../graph/index.ts";
import { gelu } from "../../nn/index.ts";
import type { LogMelOptions } from "../../speech/features/index.ts";
import type { Tensors } from "./safetensors.ts";

const HEADS = 8;

/** Log-mel as Whisper hears it, in dB: what a network has to hear too, if it shall learn from it. */
export const WHISPER_MEL: LogMelOptions = {
  sampleRate: 16_000,
  nFft: 400,
  windowSamples: 400,
  hopSamples: 160,
  padding: "reflect",
  nMels: 80,
  fMin: 0,
  fMax: 8_000,
  mel: "slaney",
  norm: "slaney",
  log: "db",
  floor: 1e-10,
};

/** Numbers in each of the encoder's frames, of which it makes 50 a second. */
export const TEACHER_WIDTH = 512;

/**
 * Features `[B, T, 80]` in dB, not normalised; mask `[B, T, 1]`, behind which all is silent; T is even -> for each of
 * `blocks` what stands after it, `[B, T / 2, 512]`, before any final normalisation, less the positions, which are added to
 * every frame and which a student that hears a stretch of a clip cannot know. However loud the clip is, it is heard at the
 * level of usual recordings.
 *
 * @param blocks after which blocks to say it; 0: after the convolutions
 */
export function whisperFrames(
  weights: Tensors,
  blocks: readonly number[],
  features: Value,
  mask: Value,
): Value[] {
  const { graph } = features;
  const constant = (name: string, data: Float32Array, shape: readonly number[]) =>
    graph.constant(floatTensor(data, shape), name);
  const weight = (name: string): Value => {
    const { shape, data } = weights.get(name);
    return constant(name, data, shape);
  };
  const linear = (x: Value, name: string, bias = true): Value => {
    const { shape, data } = weights.get(`${name}_weight`);
    const [rows, columns] = shape as [number, number];
    const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
    const product = ops.matmul(x, constant(`${name} transposed`, turned, [columns, rows]));
    return bias ? ops.add(product, weight(`${name}_bias`)) : product;
  };
  const norm = (x: Value, name: string) => ops.layerNorm(x, weight(`${name}_weight`), weight(`${name}_bias`));

  const mel = ops.transpose(scaledLogMel(features, mask), [0, 2, 1]);
  const first = gelu(ops.conv(mel, weight("conv1_weight"), weight("conv1_bias"), { pads: [1] }));
  const second = gelu(
    ops.conv(first, weight("conv2_weight"), weight("conv2_bias"), { pads: [1], strides: [2] }),
  );
  const frames = ops.transpose(second, [0, 2, 1]);
  const count = frames.shape[1] as number;
  const known = weights.get("embed_positions_weight").data.slice(0, count * TEACHER_WIDTH);
  const positions = constant("positions", known, [count, TEACHER_WIDTH]);
  const found = new Map([[0, frames]]);
  let x = ops.add(frames, positions);
  for (let block = 0; block < Math.max(...blocks); block++) {
    const name = (part: string) => `layers_${block}_${part}`;
    const heard = norm(x, name("self_attn_layer_norm"));
    x = ops.add(
      x,
      linear(
        attend(heard, (y, part, bias) => linear(y, name(part), bias)),
        name("self_attn_out_proj"),
      ),
    );
    const wide = gelu(linear(norm(x, name("final_layer_norm")), name("fc1")));
    x = ops.add(x, linear(wide, name("fc2")));
    found.set(block + 1, ops.sub(x, positions));
  }
  return blocks.map((block) => found.get(block)!);
}

/** Mean over time of the power in all bands together, log10: the median of the corpora here. */
const USUAL_LEVEL = 0.3;
/** Further below the loudest is silence, in powers of ten. */
const DEPTH = 8;

/** `[B, T, 80]`: log10, at the usual level, at most 8 below the loudest, then roughly -1..1. */
function scaledLogMel(decibels: Value, mask: Value): Value {
  const powers = ops.mul(ops.reduceSum(ops.exp(ops.mul(decibels, Math.LN10 / 10)), [2], true), mask);
  const mean = ops.div(ops.reduceSum(powers, [1], true), ops.reduceSum(mask, [1], true));
  const level = ops.sub(ops.mul(ops.log(mean), 1 / Math.LN10), USUAL_LEVEL);
  const heard = ops.sub(ops.mul(decibels, 0.1), level);
  const mel = ops.add(heard, ops.mul(ops.sub(mask, 1), 100));
  const loudest = ops.reduceMax(mel, [1, 2], true);
  return ops.div(ops.add(ops.max(mel, ops.sub(loudest, DEPTH)), 4), 4);
}

/** Self-attention of `[B, T, 512]`, heads side by side again. The published key has no bias. */
function attend(x: Value, linear: (x: Value, part: string, bias: boolean) => Value): Value {
  const [batch, count] = x.shape as [number, number];
  const width = TEACHER_WIDTH / HEADS;
  const heads = (y: Value, order: readonly number[]) =>
    ops.transpose(ops.reshape(y, [batch, count, HEADS, width]), order);
  const query = heads(ops.mul(linear(x, "self_attn_q_proj", true), width ** -0.5), [0, 2, 1, 3]);
  const key = heads(linear(x, "self_attn_k_proj", false), [0, 2, 3, 1]);
  const value = heads(linear(x, "self_attn_v_proj", true), [0, 2, 1, 3]);
  const mixed = ops.matmul(ops.softmax(ops.matmul(query, key)), value);
  return ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), [batch, count, TEACHER_WIDTH]);
}
