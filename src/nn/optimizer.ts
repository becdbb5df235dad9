// Adam and AdamW as a graph over one flat vector of all parameters. Knows no network.
import { createGraph, type OnnxModel, ops, toModel, type Value } from "../graph/index.ts";

export interface OptimizerOptions {
  /** Adam (Kingma and Ba 2015) adds decay to the gradient; AdamW (Loshchilov and Hutter 2019) decays apart from it. */
  kind: "adam" | "adamw";
  betas?: readonly [number, number];
  epsilon?: number;
  weightDecay?: number;
  /** Largest global norm of the gradient; larger ones are scaled down to it (Pascanu et al. 2013). */
  clipNorm?: number;
  /** Decay of the exponential moving average of the parameters; 0: none is kept. */
  averageDecay?: number;
}

/** `gradients` `[workers, n]`, which are added up -> `square` `[]`, the sum of the squares: of any stretch of the whole. */
export function squareModel(workers: number): OnnxModel {
  const graph = createGraph();
  const summed = sumOf(graph.input("gradients", [workers, "n"]), workers);
  return toModel(graph, { square: ops.reduceSum(ops.mul(summed, summed), [0]) });
}

/** Row by row: ONNX Runtime's ReduceSum over the first axis is several times slower. */
function sumOf(gradients: Value, workers: number): Value {
  const rows = ops.split(gradients, Array(workers).fill(1), 0);
  return rows.map((row) => ops.squeeze(row, [0])).reduce((sum, row) => ops.add(sum, row));
}

/**
 * One update of any stretch of the parameters: stretches that stay in the processor's cache while all of this is done to
 * them are several times faster than the whole at once. Inputs, `[n]` unless noted: `parameters`, `gradients`
 * `[workers, n]` (they are added up), `first` and `second` moment, `average` where one is kept, `decay` (1 where weight
 * decay acts, else 0), `learning_rate` `[]`, `step` `[]` (from 1), `square` `[]` of the whole gradient before clipping.
 * Outputs: `new_parameters`, `new_first`, `new_second`, `new_average`. Each may be written where its old one lies.
 */
export function updateModel(workers: number, options: OptimizerOptions): OnnxModel {
  const { kind, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0, clipNorm, averageDecay = 0 } = options;
  const graph = createGraph();
  const vector = (name: string) => graph.input(name, ["n"]);
  const parameters = vector("parameters");
  const summed = sumOf(graph.input("gradients", [workers, "n"]), workers);
  const [first, second] = [vector("first"), vector("second")];
  const decay = vector("decay");
  const rate = graph.input("learning_rate", []);
  const step = graph.input("step", []);

  let gradient = summed;
  // 1e-6 keeps a zero gradient zero.
  if (clipNorm) {
    const norm = ops.sqrt(graph.input("square", []));
    gradient = ops.mul(gradient, ops.min(ops.div(clipNorm, ops.add(norm, 1e-6)), 1));
  }
  if (weightDecay && kind === "adam") {
    gradient = ops.add(gradient, ops.mul(ops.mul(parameters, decay), weightDecay));
  }
  const follow = (old: Value, now: Value, beta: number) =>
    ops.add(ops.mul(old, beta), ops.mul(now, 1 - beta));
  const newFirst = follow(first, gradient, betas[0]);
  const newSecond = follow(second, ops.mul(gradient, gradient), betas[1]);
  const corrected = (beta: number) => ops.sub(1, ops.pow(graph.scalar(beta), step));
  // Both corrections for the zeros at the start act on scalars, as the paper suggests at the end of its section 2.
  const scale = ops.sqrt(corrected(betas[1]));
  const denominator = ops.add(ops.sqrt(newSecond), ops.mul(scale, epsilon));
  const move = ops.mul(ops.div(newFirst, denominator), ops.div(ops.mul(rate, scale), corrected(betas[0])));
  const kept =
    weightDecay && kind === "adamw"
      ? ops.mul(parameters, ops.sub(1, ops.mul(ops.mul(decay, rate), weightDecay)))
      : parameters;
  const newParameters = ops.sub(kept, move);
  return toModel(graph, {
    new_parameters: newParameters,
    new_first: newFirst,
    new_second: newSecond,
    ...(averageDecay && { new_average: follow(vector("average"), newParameters, averageDecay) }),
  });
}
