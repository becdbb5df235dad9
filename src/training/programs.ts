// The two programs of training: a step with its gradients, and the network as it is used. Knows graphs, no data.
import { featureWidth, type Network, normalized } from "../models/index.ts";
import { evaluationModel, type Module } from "../nn/index.ts";
import { writeModel } from "../onnx/index.ts";
import type { Lesson } from "./lessons.ts";
import type { Recipe } from "./recipe.ts";
import type { WorkerProgram } from "./workers.ts";

/** A lesson's step for parts of batches of one shape. */
export function stepProgram({ model }: Lesson, batch: number, frames: number): WorkerProgram {
  return {
    key: `step ${batch} x ${frames}`,
    accelerate: true,
    build: () => {
      const { model: graph, noise } = model(batch, frames);
      return { model: writeModel(graph), noise };
    },
  };
}

/**
 * `features` and `mask` of any batch -> `logits` and `embedding`, with running statistics and no dropout.
 * @param module the network, or what it is part of: whose parameters the program is given
 */
export function judgeProgram(recipe: Recipe, network: Network, module: Module = network): WorkerProgram {
  const width = featureWidth(recipe.architecture.frontEnd);
  const build = () => {
    const model = evaluationModel(module, (context) => {
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
