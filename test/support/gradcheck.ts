// Gradients against finite differences, through the real runtime. Knows graphs, not what they compute.
import {
  createGraph,
  type Graph,
  gradients,
  ops,
  sizeOf,
  toModel,
  type Value,
} from "../../src/graph/index.ts";
import { writeModel } from "../../src/onnx/index.ts";
import { nodeRuntime, type Tensor } from "../../src/runtime/index.node.ts";
import { Random } from "../../src/training/index.ts";

export interface GradientCase {
  /** Shapes of the inputs that gradients are taken of. */
  shapes: readonly (readonly number[])[];
  build(graph: Graph, inputs: Value[]): Value;
  /** Inputs lie in this range; keep away from kinks and poles. */
  range?: readonly [number, number];
}

/** Numbers no two of which are closer than `range / n`: maxima stay maxima when one of them moves a little. */
function spaced(random: Random, n: number, [low, high]: readonly [number, number]): Float32Array {
  const places = random.shuffle(Array.from({ length: n }, (_, i) => i));
  return Float32Array.from(places, (place) => low + ((place + 0.25 + random.next() / 2) / n) * (high - low));
}

/**
 * The largest difference between the gradient and a five-point finite difference, over all inputs, relative
 * to the largest element of that gradient.
 */
export async function gradientError(
  { shapes, build, range = [-1, 1] }: GradientCase,
  seed = 1,
): Promise<number> {
  const random = new Random(seed);
  const graph = createGraph();
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape));
  const y = build(graph, inputs);
  const weights = graph.input("weights", y.shape);
  const flat = ops.reshape(ops.mul(y, weights), [-1]);
  const loss = ops.reduceSum(flat, [0]);
  const found = gradients(loss, inputs);
  const outputs = Object.fromEntries(found.map((value, i) => [`d${i}`, ops.identity(value)]));
  const program = await nodeRuntime.load(writeModel(toModel(graph, { y, ...outputs })));
  const feeds: Record<string, Tensor> = {
    weights: { shape: y.shape as number[], data: spaced(random, sizeOf(y.shape as number[]), [-1, 1]) },
  };
  shapes.forEach((shape, i) => {
    feeds[`x${i}`] = { shape, data: spaced(random, sizeOf(shape), range) };
  });
  // Summed in float64: the sum must not add rounding of its own.
  const lossAt = async () => {
    const out = (await program.run(feeds)).y.data as Float32Array;
    return out.reduce((sum, value, i) => sum + value * (feeds.weights.data as Float32Array)[i], 0);
  };
  const analytic = await program.run(feeds);
  let worst = 0;
  for (let i = 0; i < shapes.length; i++) {
    const data = feeds[`x${i}`].data as Float32Array;
    const gradient = analytic[`d${i}`].data as Float32Array;
    const scale = Math.max(...gradient.map(Math.abs));
    if (scale === 0)
      throw new Error(`the gradient of input ${i} is zero everywhere: this case shows nothing`);
    const step = Math.min(1e-2, (range[1] - range[0]) / (8 * data.length));
    for (let j = 0; j < data.length; j++) {
      const at = data[j];
      const around: number[] = [];
      for (const k of [-2, -1, 1, 2]) {
        data[j] = at + k * step;
        around.push(await lossAt());
      }
      data[j] = at;
      const [m2, m1, p1, p2] = around;
      const numeric = (8 * (p1 - m1) - (p2 - m2)) / (12 * step);
      worst = Math.max(worst, Math.abs(numeric - gradient[j]) / scale);
    }
  }
  await program.dispose();
  return worst;
}
