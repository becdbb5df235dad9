// The two programs of training: a step with its gradients, and the network as it is used. Knows graphs, no data.

import { ops } from "../graph/index.ts";
import { featureWidth, type Network } from "../models/index.ts";
import {
  crossEntropy,
  evaluationModel,
  squaredError,
  type TrainingModel,
  trainingModel,
} from "../nn/index.ts";
import { writeModel } from "../onnx/index.ts";
import { normalize, utteranceStatistics } from "../speech/features/index.ts";
import type { Recipe } from "./recipe.ts";
import type { WorkerProgram } from "./workers.ts";

/** Forward and backward graph of one worker's part of a batch, `[batch, frames, F]`. */
export function stepModel(recipe: Recipe, network: Network, batch: number, frames: number): TrainingModel {
  const width = featureWidth(recipe.architecture.frontEnd);
  return trainingModel(network, (context) => {
    const { graph } = context;
    const features = graph.input("features", [batch, frames, width]);
    const mask = graph.input("mask", [batch, frames, 1]);
    const targets = graph.input("targets", [batch, recipe.emotions.length]);
    const weights = graph.input("weights", [batch]);
    const total = graph.input("total", []);
    const normal = normalize(features, utteranceStatistics(features, mask), mask, null);
    const { logits, frames: said } = network.forward(context, normal, mask);
    const { labelSmoothing, teacher } = recipe;
    const loss = crossEntropy(logits, targets, weights, { labelSmoothing, total });
    if (!teacher || !said) return { loss, outputs: { logits } };
    const taught = graph.input("taught", said.values.shape);
    const apart = squaredError(said.values, taught, weights, { mask: said.mask, total });
    return { loss: ops.add(loss, ops.mul(apart, teacher.weight)), outputs: { logits } };
  });
}

export function stepProgram(recipe: Recipe, network: Network, batch: number, frames: number): WorkerProgram {
  return {
    key: `step ${batch} x ${frames}`,
    build: () => {
      const { model, noise } = stepModel(recipe, network, batch, frames);
      return { model: writeModel(model), noise };
    },
  };
}

/** `features` and `mask` of any batch -> `logits`, with running statistics and no dropout. */
export function judgeProgram(recipe: Recipe, network: Network): WorkerProgram {
  const width = featureWidth(recipe.architecture.frontEnd);
  const build = () => {
    const model = evaluationModel(network, (context) => {
      const features = context.graph.input("features", ["batch", "frames", width]);
      const mask = context.graph.input("mask", ["batch", "frames", 1]);
      const normal = normalize(features, utteranceStatistics(features, mask), mask, null);
      return { logits: network.forward(context, normal, mask).logits };
    });
    return { model: writeModel(model), noise: [] };
  };
  return { key: "judge", build };
}
