// Self-attention of a sequence, and the block that is made with it. Knows masks, no speech.
import { floatTensor, ops, type Value } from "../../graph/index.ts";
import { type Context, Module } from "../module.ts";
import { Linear } from "./linear.ts";
import { LayerNorm } from "./norm.ts";
import { maskedSoftmax } from "./pooling.ts";

/** Exact, by the error function (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
export function gelu(x: Value): Value {
  return ops.mul(ops.mul(x, ops.add(ops.erf(ops.mul(x, Math.SQRT1_2)), 1)), 0.5);
}

/**
 * Where each frame stands, `[B, T, C]`: sines and cosines, the slowest of which turns once in some 63,000 steps (Vaswani et al. 2017,
 * section 3.5; all sines first, as in Whisper).
 *
 * @param x any sequence `[B, T, ...]`, which says how many frames there are
 * @param step how far apart two frames are
 */
export function positions(x: Value, width: number, step = 1): Value {
  const one = ops.add(ops.mul(ops.slice(x, 2, 0, 1), 0), 1);
  const place = ops.mul(ops.sub(ops.cumSum(one, 1), 1), step); // [B, T, 1]
  const half = width / 2;
  const rates = Float32Array.from({ length: half }, (_, i) => SLOWEST ** (-i / (half - 1)));
  const angles = ops.mul(place, x.graph.constant(floatTensor(rates, [1, 1, half]), "rates"));
  return ops.concat([ops.sin(angles), ops.cos(angles)], 2);
}
const SLOWEST = 10_000;

/**
 * Scaled dot-product attention of each frame of `[B, T, C]` to all of them, by several heads side by side (Vaswani et al.
 * 2017, arXiv:1706.03762, section 3.2). Frames that `mask` `[B, T, 1]` leaves out are attended to by none.
 */
export class SelfAttention extends Module {
  readonly query: Linear;
  /** Without a bias: it would move all of a frame's scores alike, which softmax does not see. */
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly heads: number;
  readonly width: number;

  /** @param width numbers in a frame; divisible by `heads` */
  constructor(width: number, heads: number) {
    super();
    this.query = new Linear(width, width);
    this.key = new Linear(width, width, { bias: false });
    this.value = new Linear(width, width);
    this.output = new Linear(width, width);
    this.heads = heads;
    this.width = width;
  }

  forward(context: Context, x: Value, mask: Value | null): Value {
    const each = this.width / this.heads;
    const frames = [0, -1, this.width];
    const parted = (y: Value, order: readonly number[]) =>
      ops.transpose(ops.reshape(y, [0, -1, this.heads, each]), order);
    const query = parted(ops.mul(this.query.forward(context, x), each ** -0.5), [0, 2, 1, 3]);
    const key = parted(this.key.forward(context, x), [0, 2, 3, 1]);
    const value = parted(this.value.forward(context, x), [0, 2, 1, 3]);
    const heard = mask && ops.unsqueeze(ops.transpose(mask, [0, 2, 1]), [1]); // [B, 1, 1, T]
    const mixed = ops.matmul(maskedSoftmax(ops.matmul(query, key), heard, -1), value);
    return this.output.forward(context, ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), frames));
  }
}

/** Attention, then two dense layers frame by frame, each added to what was there, which is normalised before (Xiong et al. 2020, arXiv:2002.04745). */
export class TransformerBlock extends Module {
  readonly attentionNorm: LayerNorm;
  readonly attention: SelfAttention;
  readonly denseNorm: LayerNorm;
  readonly wide: Linear;
  readonly narrow: Linear;

  constructor(width: number, heads: number) {
    super();
    this.attentionNorm = new LayerNorm(width);
    this.attention = new SelfAttention(width, heads);
    this.denseNorm = new LayerNorm(width);
    this.wide = new Linear(width, 4 * width);
    this.narrow = new Linear(4 * width, width);
  }

  /** `[B, T, C]` -> the same shape; mask `[B, T, 1]`. */
  forward(context: Context, x: Value, mask: Value | null): Value {
    const found = this.attention.forward(context, this.attentionNorm.forward(context, x), mask);
    const y = ops.add(x, found);
    const inner = gelu(this.wide.forward(context, this.denseNorm.forward(context, y)));
    return ops.add(y, this.narrow.forward(context, inner));
  }
}
