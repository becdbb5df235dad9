// Logistic regression on embeddings, balanced over corpora and classes: graphs of one linear layer. Knows what embeddings are seen relative to, not why.
import { ops } from "../../graph/index.ts";
import {
  crossEntropy,
  initialParameters,
  Linear,
  Module,
  parameterPlaces,
  totalSize,
  trainingModel,
  updateModel,
} from "../../nn/index.ts";
import { writeModel } from "../../onnx/index.ts";
import { nodeRuntime } from "../../runtime/index.node.ts";
import { Random } from "../random.ts";
import { type Embedded, LEAST_SPREAD, type Seen } from "./speakers.ts";

/** A linear layer from embeddings to logits: `[W, K]` and `[K]`. */
export interface Head {
  weight: Float32Array;
  bias: Float32Array;
}

/** Every class of a corpus by the square root of the corpus's size, times how often its clips count. */
export function balance(clips: readonly Embedded[]): Float32Array {
  const count = (key: (clip: Embedded) => string) => {
    const sizes = new Map<string, number>();
    for (const clip of clips) sizes.set(key(clip), (sizes.get(key(clip)) ?? 0) + 1);
    return (clip: Embedded) => sizes.get(key(clip))!;
  };
  const [corpus, own] = [count((clip) => clip.corpus), count((clip) => `${clip.corpus} ${clip.target}`)];
  const weights = Float32Array.from(
    clips,
    (clip) => ((clip.counts ?? 1) * Math.sqrt(corpus(clip))) / own(clip),
  );
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

class Regression extends Module {
  readonly linear: Linear;
  constructor(width: number, classes: number) {
    super();
    this.linear = new Linear(width, classes);
  }
}

const STEPS = 100;
const RATE = 0.01;
/** Clips of a step at most: a hundred thousand, over and over, would take memory's time and say the same. */
const BATCH = 4096;
/** Weight of the squared weights beside the mean loss: the fewer directions count, the better for voices never heard. */
const PENALTY = 0.1;
/** Added to the logit of an emotion that a clip's corpus lacks. */
const RARE = -2;

/**
 * Minimises the mean cross-entropy, balanced over corpora and classes, plus half the penalty times the squared weights.
 *
 * That a corpus lacks an emotion says nothing of how that sounds: as any other wrong answer it would teach a head to know
 * corpora, and never to answer what few of them have. So it is taken to be rare there (`RARE`). Were it no answer at all,
 * nothing would hold it back in a corpus that sounds like none: of RAVDESS seven clips in ten would be disgust.
 */
export async function logisticRegression(seen: readonly Seen[], classes: number): Promise<Head> {
  const clips = seen.map(({ clip }) => clip);
  const width = clips[0]!.embedding.length;
  const size = Math.min(clips.length, BATCH);
  const network = new Regression(width, classes);
  const { model } = trainingModel(network, (context) => {
    const { graph } = context;
    const x = graph.input("x", [size, width]);
    const targets = graph.input("targets", [size, classes]);
    const logits = ops.add(network.linear.forward(context, x), graph.input("rare", [size, classes]));
    const weight = context.parameter(network.linear.weight);
    const penalty = ops.mul(ops.reduceSum(ops.mul(weight, weight), [0, 1]), PENALTY / 2);
    const loss = crossEntropy(logits, targets, graph.input("weights", [size]));
    return { loss: ops.add(loss, penalty) };
  });
  const step = await nodeRuntime.load(writeModel(model));
  const update = await nodeRuntime.load(
    writeModel(updateModel({ kind: "adamw", weightDecay: 0, averageDecay: 0 })),
  );
  const count = totalSize(parameterPlaces(network));
  const vector = (data: Float32Array) => ({ shape: [data.length], data });
  const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
  const matrix = (columns: number) => ({ shape: [size, columns], data: new Float32Array(size * columns) });
  const [x, targets, rare, weights] = [
    matrix(width),
    matrix(classes),
    matrix(classes),
    vector(new Float32Array(size)),
  ];
  const balanced = balance(clips);
  const present = new Set(clips.map(({ corpus, target }) => `${target} ${corpus}`));
  const random = new Random(1, "head");
  const order = new Random(1, "batches").shuffle([...clips.keys()]);
  /** The clips of a step: all of them, or in turn as many as a step takes. */
  const take = (step: number) => {
    for (let i = 0; i < size; i++) {
      const which = order[(step * size + i) % clips.length]!;
      const { clip, usual } = seen[which]!;
      const { embedding, target, corpus } = clip;
      const { mean, spread } = usual;
      const row = x.data.subarray(i * width, (i + 1) * width);
      for (let d = 0; d < width; d++) row[d] = (embedding[d]! - mean[d]!) / (spread[d]! + LEAST_SPREAD);
      for (let k = 0; k < classes; k++) {
        targets.data[i * classes + k] = k === target ? 1 : 0;
        rare.data[i * classes + k] = present.has(`${k} ${corpus}`) ? 0 : RARE;
      }
      weights.data[i] = balanced[which]!;
    }
  };
  const parameters = initialParameters(network, () => random.next()).map((value) => value * 0.1);
  const [first, second] = [new Float32Array(count), new Float32Array(count)];
  const decay = new Float32Array(count);
  for (let i = 0; i < STEPS; i++) {
    if (i === 0 || size < clips.length) take(i);
    const { gradients } = await step.run({ x, targets, rare, weights, parameters: vector(parameters) });
    const rate = RATE * 0.5 * (1 + Math.cos((Math.PI * i) / STEPS));
    const inputs = { parameters: vector(parameters), first: vector(first), second: vector(second) };
    await update.run(
      {
        ...inputs,
        ...{ gradient: gradients!, decay: vector(decay), learning_rate: scalar(rate), step: scalar(i + 1) },
      },
      { new_parameters: inputs.parameters, new_first: inputs.first, new_second: inputs.second },
    );
  }
  for (const program of [step, update]) await program.dispose();
  return { weight: parameters.slice(0, width * classes), bias: parameters.slice(width * classes) };
}
