// Fourier transform of overlapping frames in two small matrix products, as graph nodes. Knows ONNX, no mel.
//
// Cooley and Tukey (1965): with N = N1 N2, n = N2 n1 + n2 and k = k1 + N1 k2,
//
//   X[k1 + N1 k2] = sum over n2 of e^(-2 pi i n2 k2 / N2) Y[n2, k1]
//   Y[n2, k1]     = sum over n1 of e^(-2 pi i n k1 / N) window[n] x[n]
//
// Y is a convolution of every N2-th sample, window and twiddle factors in its kernel; X is one matrix for every k1.
// Sound is real, so |X[N - k]| = |X[k]|, and k1 <= N1 / 2 gives every bin. For N = 512, N2 = 16 that is a twelfth of
// the work of the direct form, which is what is left (N2 = 1) where hop and N have no common divisor.
import { floatTensor, ops, type Value } from "../../graph/index.ts";
import { hannWindow } from "./mel.ts";

export interface FourierOptions {
  nFft: number;
  windowSamples: number;
  hopSamples: number;
  /** What stands beyond the ends, where centred frames reach over them. */
  padding: "reflect" | "constant";
}

export interface Spectrum {
  /**
   * `[B, R, T]`: squares of real and imaginary parts, T = 1 + floor(S / hop), frame t centred at sample t hop. The
   * power of a bin is the sum of its rows.
   */
  squares: Value;
  /** The bin that each row belongs to; -1: this row is another's mirror image. */
  bins: readonly number[];
  /** The rows fall into so many blocks of one size, each of few frequencies, low ones together with high ones. */
  blocks: number;
}

/** How N is split, and the sizes that follow. */
interface Plan {
  /** N2, a divisor of hop and N: sample n stands in column n mod N2. */
  columns: number;
  /** N1 = N / N2. */
  stride: number;
  /** How many k1 there are. */
  slots: number;
  /** Samples of one column in a frame: hops are taken whole. */
  taps: number;
}

/** The split that multiplies least. */
function plan({ nFft, windowSamples, hopSamples }: FourierOptions): Plan {
  const hops = Math.ceil(windowSamples / hopSamples);
  const work = ({ columns, slots, taps }: Plan) => slots * (2 * columns * taps + (2 * columns) ** 2);
  return Array.from({ length: hopSamples }, (_, i) => i + 1)
    .filter((columns) => hopSamples % columns === 0 && nFft % columns === 0)
    .map((columns) => {
      const stride = nFft / columns;
      return { columns, stride, slots: Math.floor(stride / 2) + 1, taps: (hops * hopSamples) / columns };
    })
    .reduce((best, next) => (work(next) < work(best) ? next : best));
}

/**
 * Kernel of Y, `[n2, (real, imaginary), k1, n1]`: the window, turning backwards k1 times in N samples. The phase counts
 * from the frame's centre, which the power does not see.
 */
function columnKernel({ nFft, windowSamples }: FourierOptions, { columns, slots, taps }: Plan): Float64Array {
  const window = hannWindow(windowSamples);
  const kernel = new Float64Array(columns * 2 * slots * taps);
  for (let n = 0; n < windowSamples; n++) {
    for (let k = 0; k < slots; k++) {
      // The angle modulo a turn, in integers, so that it is as exact at the end as at the start.
      const angle = (2 * Math.PI * (((n + nFft - windowSamples / 2) * k) % nFft)) / nFft;
      const at = ((n % columns) * 2 * slots + k) * taps + Math.floor(n / columns);
      kernel[at] = window[n] * Math.cos(angle);
      kernel[at + slots * taps] = -window[n] * Math.sin(angle);
    }
  }
  return kernel;
}

/** From Y to X, `[(k2, real or imaginary), (n2, real or imaginary)]`, k2 in the given order. */
function rowMatrix(order: readonly number[]): Float64Array {
  const n = order.length;
  const matrix = new Float64Array(4 * n * n);
  order.forEach((k, row) => {
    for (let column = 0; column < n; column++) {
      const angle = (2 * Math.PI * ((k * column) % n)) / n;
      const at = 4 * row * n + 2 * column;
      matrix.set([Math.cos(angle), Math.sin(angle)], at);
      matrix.set([-Math.sin(angle), Math.cos(angle)], at + 2 * n);
    }
  });
  return matrix;
}

/** Spectrum of audio `[B, S]` through a Hann window. */
export function spectrum(audio: Value, options: FourierOptions): Spectrum {
  const { graph } = audio;
  const { nFft, windowSamples, hopSamples, padding } = options;
  const split = plan(options);
  const { columns, stride, slots, taps } = split;

  const step = hopSamples / columns;
  const before = windowSamples / 2;
  const hops = ops.hops(audio, { hop: hopSamples, before, rows: (taps * columns) / hopSamples, padding });
  const samples = ops.reshape(ops.transpose(ops.reshape(hops, [0, -1, columns]), [0, 2, 1]), [
    0,
    columns,
    -1,
    step,
  ]);
  // A kernel as wide as its input reads overlapping frames where they lie: ONNX Runtime copies none.
  const kernel = floatTensor(columnKernel(options, split), [2 * columns * slots, 1, taps / step, step]);
  const y = ops.conv(samples, graph.constant(kernel, "fourier columns"), null, { group: columns });

  const bin = (k: number) => Math.min(k, nFft - k);
  const rising = Array.from({ length: columns }, (_, k2) => k2);
  rising.sort((a, b) => bin(a * stride + slots / 2) - bin(b * stride + slots / 2));
  const order = rising.map((_, i) => (i % 2 ? rising[columns - (i + 1) / 2] : rising[i / 2]));
  const matrix = graph.constant(floatTensor(rowMatrix(order), [2 * columns, 2 * columns]), "fourier rows");
  const x = ops.matmul(matrix, ops.reshape(y, [0, 2 * columns, -1]));

  const owner = new Map<number, number>();
  const bins = order.flatMap((k2) => {
    const slot = Array.from({ length: slots }, (_, k1) => {
      const k = k1 + stride * k2;
      if (!owner.has(bin(k))) owner.set(bin(k), k);
      return owner.get(bin(k)) === k ? bin(k) : -1;
    });
    return [...slot, ...slot];
  });
  return {
    squares: ops.reshape(ops.mul(x, x), [0, bins.length, -1]),
    bins,
    blocks: columns % 2 ? 1 : columns / 2,
  };
}
