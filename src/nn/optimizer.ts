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

/**
 * Adds up what the workers found, on any stretch of the whole: `gradient_0`, `gradient_1` ... `[n]` -> `square` `[]`, the
 * sum of the sum's squares, and of more than one worker `gradient` `[n]`, the sum, which may be written where `gradient_0` lies.
 */
export function sumModel(workers: number): OnnxModel {
  const graph = createGraph();
  const each = Array.from({ length: workers }, (_, i) => graph.input(`gradient_${i}`, ["n"]));
  const gradient = each.reduce((sum, one) => ops.add(sum, one));
  const square = ops.reduceSum(ops.mul(gradient, gradient), [0]);
  return toModel(graph, { square, ...(workers > 1 && { gradient }) });
}

/**
 * One update of any stretch of the parameters: stretches that stay in the processor's cache while all of this is done to
 * them are several times faster than the whole at once. Inputs, `[n]` unless noted: `parameters`, `gradient`, `first` and
 * `second` moment, `average` where one is kept, `decay` (1 where weight decay acts, else 0), `learning_rate` `[]`, `step`
 * `[]` (from 1) and, where there is a norm to clip to, `square` `[]` of the whole gradient before that.
 * Outputs: `new_parameters`, `new_first`, `new_second`, `new_average`. Each may be written where its old one lies.
 */
export function updateModel(options: OptimizerOptions): OnnxModel {
  const { kind, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0, clipNorm, averageDecay = 0 } = options;
  const graph = createGraph();
  const vector = (name: string) => graph.input(name, ["n"]);
  const parameters = vector("parameters");
  const [first, second] = [vector("first"), vector("second")];
  const decay = vector("decay");
  const rate = graph.input("learning_rate", []);
  const step = graph.input("step", []);

  let gradient = vector("gradient");
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
