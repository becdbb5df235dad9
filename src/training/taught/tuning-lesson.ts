// The lesson of tuning: labels, by both heads at once, beside what the teacher says. Knows graphs and embeddings, no files.
import { ops, type Value } from "../../graph/index.ts";
import type { Network } from "../../models/index.ts";
import { crossEntropy, Linear, Module } from "../../nn/index.ts";
import { type Example, saidOf, targetsOf } from "../batches.ts";
import { apartFromTeacher, type Lesson, lessonModel } from "../lessons.ts";
import { Random } from "../random.ts";
import type { Recipe, Tuning } from "../recipe.ts";
import { type Scaling, TAUGHT_WIDTH } from "../teachers/index.ts";
import { fitScaledHead, fitVoiceHead } from "./heads.ts";
import { type Embedded, LEAST_SPREAD, type Statistics, usualOfAll, usualOfSpeakers } from "./speakers.ts";

/** A clip to tune with, and what the encoder heard in it. */
export interface TuneClip {
  example: Example;
  embedded: Embedded;
}

/** What learns: the network, and heads that a gradient reaches. The plain one takes embeddings in usual spreads from the usual. */
export class Tuner extends Module {
  readonly network: Network;
  readonly plain: Linear;
  readonly voiced: Linear;

  constructor(network: Network, width: number, classes: number) {
    super();
    this.network = network;
    this.plain = new Linear(width, classes);
    this.voiced = new Linear(width, classes);
  }
}

/**
 * Both heads learn from every clip, the voiced one from how far its embedding is from the speaker's usual one, over all his
 * clips or over his neutral ones, as the network hears them at the beginning of the epoch.
 *
 * @param scaling of the teacher who speaks beside the labels; `null`: nobody does
 */
export function tuningLesson(
  recipe: Recipe,
  { labelSmoothing, teacher }: Tuning,
  module: Tuner,
  clips: readonly TuneClip[],
  seed: number,
  scaling: Scaling | null,
): Lesson {
  const usual = usualOf(clips);
  const width = usual.mean.length;
  const vector = (data: Float32Array) => ({ shape: [width], data });
  const neutral = recipe.emotions.indexOf("neutral");
  const examples = clips.map(({ example }) => example);
  // By what stays the same of a clip however it is augmented.
  const voices = new Map<Example["variants"], readonly Statistics[]>();
  let random = new Random(seed, "voices");
  return {
    module,
    model: (batch, frames) =>
      lessonModel(recipe, module.network, [batch, frames], module, (taken, context) => {
        const { heard, targets, weights, total } = taken;
        const { graph } = context;
        const apart = (mean: Value, spread: Value) =>
          ops.div(ops.sub(heard.embedding, mean), ops.add(spread, LEAST_SPREAD));
        const scaled = apart(graph.input("usual_mean", [width]), graph.input("usual_spread", [width]));
        const voice = ops.split(graph.input("voice", [batch, 2, width]), [1, 1], 1);
        const [mean, spread] = voice.map((part) => ops.squeeze(part, [1]));
        const logits = module.plain.forward(context, scaled);
        const voiced = module.voiced.forward(context, apart(mean!, spread!));
        const losses = [logits, voiced].map((one) =>
          crossEntropy(one, targets, weights, { labelSmoothing, total }),
        );
        losses.push(
          scaling
            ? ops.mul(apartFromTeacher(taken, scaling), teacher)
            : // The layers that would answer a teacher have no part in it; a gradient they need all the same.
              ops.mul(ops.reduceMean(heard.frames!.values, [0, 1, 2]), 0),
        );
        return { loss: losses.reduce((sum, loss) => ops.add(sum, loss)), outputs: { logits } };
      }),
    inputs: (part, total, memory) => {
      const voice = memory.floats(part.length * 2 * width);
      part.forEach(({ variants }, i) => {
        const known = voices.get(variants)!;
        const { mean, spread } = known[random.int(known.length)]!;
        voice.set(mean, 2 * i * width);
        voice.set(spread, (2 * i + 1) * width);
      });
      return {
        ...targetsOf(part, recipe.emotions.length, total),
        ...(scaling && saidOf(part, TAUGHT_WIDTH, memory)),
        voice: { shape: [part.length, 2, width], data: voice },
        ...{ usual_mean: vector(usual.mean), usual_spread: vector(usual.spread) },
      };
    },
    begin: async (epoch, hear) => {
      const embeddings = await hear(examples);
      const now = clips.map(({ embedded }, i) => ({ ...embedded, embedding: embeddings[i]! }));
      const everybody = usualOfAll(now);
      const ways = [
        usualOfSpeakers(now, everybody),
        usualOfSpeakers(now, everybody, ({ target }) => target === neutral),
      ];
      for (const [i, { speaker }] of now.entries()) {
        const known = ways.flatMap((way) => way.get(speaker) ?? []);
        voices.set(examples[i]!.variants, known.length > 0 ? known : [usual]);
      }
      random = new Random(seed, `voices of epoch ${epoch}`);
    },
  };
}

/**
 * The parameters of a tuner before it has learnt: the encoder's, and fitted heads, since random ones would first undo what
 * the encoder has learnt (Kumar et al. 2022, Fine-Tuning can Distort Pretrained Features, arXiv:2202.10054).
 */
export async function untuned(
  encoder: Float32Array,
  clips: readonly TuneClip[],
  recipe: Recipe,
): Promise<Float32Array> {
  const heard = clips.map(({ embedded }) => embedded);
  const classes = recipe.emotions.length;
  const plain = await fitScaledHead(heard, usualOf(clips), classes);
  const voiced = (await fitVoiceHead(heard, classes, recipe.emotions.indexOf("neutral"))) ?? plain;
  const parts = [encoder, plain.weight, plain.bias, voiced.weight, voiced.bias];
  const parameters = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    parameters.set(part, at);
    at += part.length;
  }
  return parameters;
}

function usualOf(clips: readonly TuneClip[]): Statistics {
  return usualOfAll(clips.map(({ embedded }) => embedded));
}
