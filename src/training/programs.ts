// The two programs of training: a step with its gradients, and the network as it is used. Knows graphs, no data.
import { featureWidth, type Network, normalized } from "../models/index.ts";
import {
  crossEntropy,
  evaluationModel,
  squaredError,
  type TrainingModel,
  trainingModel,
} from "../nn/index.ts";
import { writeModel } from "../onnx/index.ts";
import { readTaught } from "./batches.ts";
import type { Recipe } from "./recipe.ts";
import { TAUGHT_WIDTH, TEACHER_STRIDE } from "./teachers/index.ts";
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
    const normal = normalized(recipe.architecture, features, mask);
    const { logits, frames: said } = network.forward(context, normal, mask, null);
    if (!recipe.teacher || !said) {
      const { labelSmoothing } = recipe;
      return { loss: crossEntropy(logits, targets, weights, { labelSmoothing, total }), outputs: { logits } };
    }
    const taught = graph.input("taught", [batch, frames / TEACHER_STRIDE, TAUGHT_WIDTH], "uint8");
    const loss = squaredError(said.values, readTaught(taught), said.weights, weights, { total });
    return { loss, outputs: { logits } };
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

/** `features` and `mask` of any batch -> `logits` and `embedding`, with running statistics and no dropout. */
export function judgeProgram(recipe: Recipe, network: Network): WorkerProgram {
  const width = featureWidth(recipe.architecture.frontEnd);
  const build = () => {
    const model = evaluationModel(network, (context) => {
      const features = context.graph.input("features", ["batch", "frames", width]);
      const mask = context.graph.input("mask", ["batch", "frames", 1]);
      const normal = normalized(recipe.architecture, features, mask);
      const { logits, embedding } = network.forward(context, normal, mask, null);
      return { logits, embedding };
    });
    return { model: writeModel(model), noise: [] };
  };
  return { key: "judge", build };
}
