// The first blocks of a Whisper encoder as a graph: what a student learns from. Knows the published weights by name.
// Source: Radford et al. 2022, arXiv:2212.04356, section 2.2; pre-norm blocks after Vaswani et al. 2017.
import { createGraph, floatTensor, type OnnxModel, ops, toModel, type Value } from "../../graph/index.ts";
import { gelu } from "../../nn/index.ts";
import { type LogMelOptions, logMel } from "../../speech/features/index.ts";
import type { Tensors } from "./safetensors.ts";

const HEADS = 8;

/** Log-mel as Whisper hears it, before its own scaling. */
const MEL: LogMelOptions = {
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
  log: "ln",
  floor: 1e-10,
};

/** Numbers in each of the encoder's frames, of which it makes 50 a second. */
export const TEACHER_WIDTH = 512;
/** Hops of 10 ms, and so frames of a network's features, in one of the frames that a teacher gives to learn. */
export const TEACHER_STRIDE = 4;

/** How many frames the encoder makes of so many samples. */
export function teacherFrames(samples: number): number {
  return Math.floor((Math.floor(samples / MEL.hopSamples) - 1) / 2) + 1;
}

/**
 * Input `audio` `[1, S]` and `positions` `[T, 512]`: the first T rows of the published position embedding, with T as
 * `teacherFrames` says. Outputs such as `block2` `[1, T, 512]`: what stands after that block, before any final
 * normalisation, less the positions, which are added to every frame and which a student that hears a stretch of a clip
 * cannot know. However loud the audio is, it is heard at the level of usual recordings.
 *
 * @param blocks after which blocks to say it; 0: after the convolutions
 */
export function whisperModel(weights: Tensors, blocks: readonly number[]): OnnxModel {
  const graph = createGraph();
  const constants = new Map<string, Value>();
  const weight = (name: string, transposed = false): Value => {
    const key = transposed ? `${name} transposed` : name;
    const known = constants.get(key);
    if (known) return known;
    const { shape, data } = weights.get(name);
    const [rows, columns] = shape as [number, number];
    const value = transposed
      ? floatTensor(
          Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!),
          [columns, rows],
        )
      : floatTensor(data, shape);
    constants.set(key, graph.constant(value, key));
    return constants.get(key)!;
  };
  const linear = (x: Value, name: string, bias = true): Value => {
    const product = ops.matmul(x, weight(`${name}_weight`, true));
    return bias ? ops.add(product, weight(`${name}_bias`)) : product;
  };
  const norm = (x: Value, name: string) => ops.layerNorm(x, weight(`${name}_weight`), weight(`${name}_bias`));

  const audio = graph.input("audio", [1, "samples"]);
  const outputs: Record<string, Value> = {};
  const first = gelu(
    ops.conv(scaledLogMel(audio), weight("conv1_weight"), weight("conv1_bias"), { pads: [1] }),
  );
  const second = gelu(
    ops.conv(first, weight("conv2_weight"), weight("conv2_bias"), { pads: [1], strides: [2] }),
  );
  const frames = ops.transpose(second, [0, 2, 1]);
  const positions = graph.input("positions", [frames.shape[1]!, TEACHER_WIDTH]);
  if (blocks.includes(0)) outputs.block0 = frames;
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
    if (blocks.includes(block + 1)) outputs[`block${block + 1}`] = ops.sub(x, positions);
  }
  return toModel(graph, outputs);
}

/** Mean over time of the power in all bands together, log10: the median of the corpora here. */
const USUAL_LEVEL = 0.3;

/** `[1, 80, T]`: the last frame dropped, log10, at the usual level, at most 8 below the loudest, then roughly -1..1. */
function scaledLogMel(audio: Value): Value {
  const powers = ops.slice(logMel(audio, MEL), 2, 0, -1);
  const power = ops.reduceMean(ops.reduceSum(ops.exp(powers), [1], true), [2], true);
  const mel = ops.add(ops.mul(ops.sub(powers, ops.log(power)), 1 / Math.LN10), USUAL_LEVEL);
  const loudest = ops.reduceMax(mel, [1, 2], true);
  return ops.div(ops.add(ops.max(mel, ops.sub(loudest, 8)), 4), 4);
}

/** Self-attention of `[1, T, 512]`, heads side by side again. The published key has no bias. */
function attend(x: Value, linear: (x: Value, part: string, bias: boolean) => Value): Value {
  const width = TEACHER_WIDTH / HEADS;
  const heads = (y: Value, order: readonly number[]) =>
    ops.transpose(ops.reshape(y, [0, -1, HEADS, width]), order);
  const query = heads(ops.mul(linear(x, "self_attn_q_proj", true), width ** -0.5), [0, 2, 1, 3]);
  const key = heads(linear(x, "self_attn_k_proj", false), [0, 2, 3, 1]);
  const value = heads(linear(x, "self_attn_v_proj", true), [0, 2, 1, 3]);
  const mixed = ops.matmul(ops.softmax(ops.matmul(query, key)), value);
  return ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), [0, -1, TEACHER_WIDTH]);
}
