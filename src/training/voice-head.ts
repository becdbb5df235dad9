// What an embedding says once the speaker is known: a logistic regression, fitted when the network has learnt. Knows no sound.
import {
  crossEntropy,
  initialParameters,
  Linear,
  Module,
  parameterPlaces,
  squareModel,
  totalSize,
  trainingModel,
  updateModel,
} from "../nn/index.ts";
import { writeModel } from "../onnx/index.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { fitTemperature } from "./calibration.ts";
import { Random } from "./random.ts";

/** A clip as the network hears it, and whose it is. */
export interface Embedded {
  embedding: Float32Array;
  speaker: string;
  corpus: string;
  target: number;
}

/** `[W, K]` and `[K]`. */
export interface VoiceHead {
  weight: Float32Array;
  bias: Float32Array;
}

/** Fewer clips say little of what is usual of a voice. */
const LEAST_CLIPS = 8;
const STEPS = 300;
const RATE = 0.02;
/** Pulls the weights to nothing: the fewer directions count, the better for voices never heard. */
const DECAY = 0.3;

/** Each embedding less the mean of its speaker's, by their spread: as `byVoice` does it in the model file. */
export function relativeToSpeaker(clips: readonly Embedded[]): Embedded[] {
  const speakers = [...Map.groupBy(clips, ({ speaker }) => speaker).values()];
  return speakers.flatMap((own) => {
    if (own.length < LEAST_CLIPS) return [];
    const width = own[0]!.embedding.length;
    const mean = new Float64Array(width);
    const spread = new Float64Array(width);
    for (const { embedding } of own) for (let d = 0; d < width; d++) mean[d]! += embedding[d]! / own.length;
    for (const { embedding } of own) {
      for (let d = 0; d < width; d++) spread[d]! += (embedding[d]! - mean[d]!) ** 2 / own.length;
    }
    return own.map((clip) => ({
      ...clip,
      embedding: clip.embedding.map((value, d) => (value - mean[d]!) / (Math.sqrt(spread[d]!) + 1e-3)),
    }));
  });
}

/** Every corpus by the square root of its size, and in it every class alike. */
export function balance(clips: readonly Embedded[]): Float32Array {
  const count = (key: (clip: Embedded) => string) => {
    const sizes = new Map<string, number>();
    for (const clip of clips) sizes.set(key(clip), (sizes.get(key(clip)) ?? 0) + 1);
    return (clip: Embedded) => sizes.get(key(clip))!;
  };
  const [corpus, own] = [count((clip) => clip.corpus), count((clip) => `${clip.corpus} ${clip.target}`)];
  const weights = Float32Array.from(clips, (clip) => Math.sqrt(corpus(clip)) / own(clip));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

class Head extends Module {
  readonly linear: Linear;
  constructor(width: number, classes: number) {
    super();
    this.linear = new Linear(width, classes);
  }
}

/**
 * The head that makes the classes of `clips` likeliest, each seen relative to its speaker, and whose confidence fits
 * `strangers`: voices that the network was not trained on. `null` where no speaker has enough clips.
 *
 * @param scale what the model divides logits by
 */
export async function fitVoiceHead(
  clips: readonly Embedded[],
  strangers: readonly Embedded[],
  classes: number,
  scale: number,
): Promise<VoiceHead | null> {
  const known = relativeToSpeaker(clips);
  if (known.length === 0) return null;
  const width = known[0]!.embedding.length;
  const network = new Head(width, classes);
  const { model } = trainingModel(network, ({ graph, ...context }) => {
    const x = graph.input("x", [known.length, width]);
    const targets = graph.input("targets", [known.length, classes]);
    const logits = network.linear.forward({ graph, ...context }, x);
    return { loss: crossEntropy(logits, targets, graph.input("weights", [known.length])) };
  });
  const step = await nodeRuntime.load(writeModel(model));
  const square = await nodeRuntime.load(writeModel(squareModel(1)));
  const update = await nodeRuntime.load(
    writeModel(updateModel(1, { kind: "adamw", weightDecay: DECAY, averageDecay: 0 })),
  );
  const random = new Random(1, "voice head");
  const size = totalSize(parameterPlaces(network));
  const vector = (data: Float32Array) => ({ shape: [data.length], data });
  const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
  const x = new Float32Array(known.length * width);
  const targets = new Float32Array(known.length * classes);
  for (const [i, { embedding, target }] of known.entries()) {
    x.set(embedding, i * width);
    targets[i * classes + target] = 1;
  }
  const given = {
    x: { shape: [known.length, width], data: x },
    targets: { shape: [known.length, classes], data: targets },
    weights: vector(balance(known)),
  };
  const parameters = initialParameters(network, () => random.next()).map((value) => value * 0.1);
  const [first, second] = [new Float32Array(size), new Float32Array(size)];
  const decay = new Float32Array(size).fill(1, 0, width * classes);
  for (let i = 0; i < STEPS; i++) {
    const { gradients } = await step.run({ ...given, parameters: vector(parameters) });
    const data = gradients!.data as Float32Array;
    const flat = { shape: [1, size], data };
    const rate = RATE * 0.5 * (1 + Math.cos((Math.PI * i) / STEPS));
    const inputs = { parameters: vector(parameters), first: vector(first), second: vector(second) };
    await update.run(
      {
        ...inputs,
        ...{ gradients: flat, decay: vector(decay), learning_rate: scalar(rate), step: scalar(i + 1) },
        square: (await square.run({ gradients: flat })).square!,
      },
      { new_parameters: inputs.parameters, new_first: inputs.first, new_second: inputs.second },
    );
  }
  for (const program of [step, square, update]) await program.dispose();
  const head = { weight: parameters.slice(0, width * classes), bias: parameters.slice(width * classes) };
  const met = relativeToSpeaker(strangers);
  if (met.length === 0) return head;
  const logits = met.map(({ embedding }) => logitsOf(head, embedding));
  const factor =
    scale /
    fitTemperature(
      logits,
      met.map(({ target }) => target),
    );
  return { weight: head.weight.map((w) => w * factor), bias: head.bias.map((b) => b * factor) };
}

function logitsOf({ weight, bias }: VoiceHead, embedding: Float32Array): Float32Array {
  const classes = bias.length;
  return bias.map((b, k) => embedding.reduce((sum, value, d) => sum + value * weight[d * classes + k]!, b));
}
