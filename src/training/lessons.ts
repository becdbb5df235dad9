// Lessons: what a step of training teaches a network, and what it takes for that. Knows graphs and batches, no loop.

import { floatTensor, ops, type Value } from "../graph/index.ts";
import { featureWidth, type Heard, type Network, normalized } from "../models/index.ts";
import {
  type Context,
  crossEntropy,
  type Module,
  type Step,
  squaredError,
  type TrainingModel,
  trainingModel,
} from "../nn/index.ts";
import type { Tensor } from "../runtime/index.node.ts";
import { type Example, saidOf, targetsOf } from "./batches.ts";
import type { Memory } from "./memory.ts";
import type { Predictions } from "./predict.ts";
import type { Recipe } from "./recipe.ts";
import { type Scaling, TAUGHT_WIDTH, TEACHER_STRIDE } from "./teachers/index.ts";

export interface Lesson {
  /** Forward and backward graph of one worker's part of a batch, `[batch, frames, F]`. */
  model(batch: number, frames: number): TrainingModel;
  /**
   * What the graph takes beside the padded batch.
   * @param total sum of the weights of the whole batch, all workers'
   */
  inputs(part: readonly Example[], total: number, memory: Memory): Record<string, Tensor>;
  /** What learns beside the network, with the network in it; default: the network alone. */
  module?: Module;
  /**
   * Before each epoch, that of number 0 first.
   * @param hear embeddings of examples, as the network hears them by now
   */
  begin?(epoch: number, hear: (examples: readonly Example[]) => Promise<Predictions>): Promise<void>;
}

/** What every lesson's graph begins with. */
export interface Taken {
  heard: Heard;
  /** `[B, T, 1]` */
  mask: Value;
  /** `[B, K]`, `[B]` and `[]`, as `targetsOf` gives them. */
  targets: Value;
  weights: Value;
  total: Value;
}

/**
 * A step's graph: the network hears the batch, `loss` says what it should have found.
 * @param module all that learns, the network in it
 */
export function lessonModel(
  { architecture, emotions }: Recipe,
  network: Network,
  [batch, frames]: readonly [number, number],
  module: Module,
  loss: (taken: Taken, context: Context) => Step,
): TrainingModel {
  return trainingModel(module, (context) => {
    const { graph } = context;
    const features = graph.input("features", [batch, frames, featureWidth(architecture.frontEnd)]);
    const mask = graph.input("mask", [batch, frames, 1]);
    const targets = graph.input("targets", [batch, emotions.length]);
    const weights = graph.input("weights", [batch]);
    const total = graph.input("total", []);
    const heard = network.forward(context, normalized(architecture, features, mask), mask, null);
    return loss({ heard, mask, targets, weights, total }, context);
  });
}

/** How far what the network says of each frame is from what the teacher says of the clip as it is. A scalar. */
export function apartFromTeacher(
  { heard: { frames }, mask, weights, total }: Taken,
  { mean, spread }: Scaling,
): Value {
  if (!frames) throw new Error("this network has nothing that a teacher's frames could be compared with");
  const { graph } = mask;
  const [batch, length] = mask.shape as [number, number];
  const said = graph.input("said", [batch, length / TEACHER_STRIDE, TAUGHT_WIDTH]);
  const of = (name: string, data: Float32Array) => graph.constant(floatTensor(data, [TAUGHT_WIDTH]), name);
  const scaled = ops.div(ops.sub(said, of("taught_mean", mean)), of("taught_spread", spread));
  return squaredError(frames.values, scaled, frames.weights, weights, { total });
}

/** The emotion of each clip. */
export function labelLesson(recipe: Recipe, network: Network): Lesson {
  const { emotions, labelSmoothing } = recipe;
  return {
    model: (batch, frames) =>
      lessonModel(
        recipe,
        network,
        [batch, frames],
        network,
        ({ heard: { logits }, targets, weights, total }) => ({
          loss: crossEntropy(logits, targets, weights, { labelSmoothing, total }),
          outputs: { logits },
        }),
      ),
    inputs: (part, total) => targetsOf(part, emotions.length, total),
  };
}

/** What the teacher says of each frame. */
export function teacherLesson(recipe: Recipe, network: Network, scaling: Scaling): Lesson {
  return {
    model: (batch, frames) =>
      lessonModel(recipe, network, [batch, frames], network, (taken) => ({
        loss: apartFromTeacher(taken, scaling),
        outputs: { logits: taken.heard.logits },
      })),
    inputs: (part, total, memory) => ({
      ...targetsOf(part, recipe.emotions.length, total),
      ...saidOf(part, TAUGHT_WIDTH, memory),
    }),
  };
}
