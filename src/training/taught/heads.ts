// The heads of an encoder: what its embeddings say of emotions, with and without knowing the speaker. Fitted at once, by
// logistic regression. Knows embeddings, no sound.
import { ops } from "../../graph/index.ts";
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
} from "../../nn/index.ts";
import { writeModel } from "../../onnx/index.ts";
import { nodeRuntime } from "../../runtime/index.node.ts";
import { steadied } from "../../speech/index.ts";
import { Random } from "../random.ts";

/** A clip as the encoder hears it, and whose it is. */
export interface Embedded {
  embedding: Float32Array;
  speaker: string;
  corpus: string;
  target: number;
}

/** A linear layer from embeddings to logits: `[W, K]` and `[K]`. */
export interface Head {
  weight: Float32Array;
  bias: Float32Array;
}

/** Mean and spread of embeddings, `[W]`. */
export interface Statistics {
  mean: Float32Array;
  spread: Float32Array;
}

/** Fewer clips say little of what is usual of a voice. */
const LEAST_CLIPS = 4;
/** As `byVoice` does it in the model file. */
export const LEAST_SPREAD = 1e-3;

export function statisticsOf(embeddings: readonly Float32Array[]): Statistics {
  const width = embeddings[0]!.length;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (const one of embeddings) for (let d = 0; d < width; d++) mean[d]! += one[d]! / embeddings.length;
  for (const one of embeddings) {
    for (let d = 0; d < width; d++) square[d]! += (one[d]! - mean[d]!) ** 2 / embeddings.length;
  }
  return { mean: Float32Array.from(mean), spread: Float32Array.from(square, Math.sqrt) };
}

export function usualOfAll(clips: readonly Embedded[]): Statistics {
  return statisticsOf(clips.map(({ embedding }) => embedding));
}

function relative(embedding: Float32Array, { mean, spread }: Statistics): Float32Array {
  return embedding.map((value, d) => (value - mean[d]!) / (spread[d]! + LEAST_SPREAD));
}

/**
 * What is usual of each speaker over those of his clips that `usual` takes; of one with few such clips, nothing.
 * @param everybody what is usual of all, which steadies the spread of a few clips
 */
export function usualOfSpeakers(
  clips: readonly Embedded[],
  everybody: Statistics,
  usual: (clip: Embedded) => boolean = () => true,
): Map<string, Statistics> {
  const speakers = [...Map.groupBy(clips.filter(usual), ({ speaker }) => speaker)];
  return new Map(
    speakers
      .filter(([, own]) => own.length >= LEAST_CLIPS)
      .map(([speaker, own]) => {
        const { mean, spread } = statisticsOf(own.map(({ embedding }) => embedding));
        return [
          speaker,
          { mean, spread: spread.map((value, d) => steadied(value, own.length, everybody.spread[d]!)) },
        ];
      }),
  );
}

/** A clip, and what its embedding is seen relative to: put into numbers only where they are used, since all would take memory's time. */
interface Seen {
  clip: Embedded;
  usual: Statistics;
}

/** Clips relative to what is usual of their speakers; those of whom nothing is known are left out. */
function seenBySpeaker(
  clips: readonly Embedded[],
  everybody: Statistics,
  usual?: (clip: Embedded) => boolean,
): Seen[] {
  const known = usualOfSpeakers(clips, everybody, usual);
  return clips.flatMap((clip) => {
    const statistics = known.get(clip.speaker);
    return statistics ? [{ clip, usual: statistics }] : [];
  });
}

/** Each embedding relative to what is usual of its speaker; clips of whom nothing is known are left out. */
export function relativeToSpeaker(...all: Parameters<typeof seenBySpeaker>): Embedded[] {
  return seenBySpeaker(...all).map(({ clip, usual }) => ({
    ...clip,
    embedding: relative(clip.embedding, usual),
  }));
}

/** Every class of a corpus by the square root of the corpus's size. */
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

/** The head of embeddings in usual spreads from the usual. */
export function fitScaledHead(clips: readonly Embedded[], usual: Statistics, classes: number): Promise<Head> {
  return logisticRegression(
    clips.map((clip) => ({ clip, usual })),
    classes,
  );
}

/** The head for voices of which nothing is known. */
export async function fitPlainHead(clips: readonly Embedded[], classes: number): Promise<Head> {
  const usual = usualOfAll(clips);
  const head = await fitScaledHead(clips, usual, classes);
  // The same head of embeddings as they are.
  const weight = head.weight.map((w, i) => w / (usual.spread[Math.floor(i / classes)]! + LEAST_SPREAD));
  const bias = head.bias.map((b, k) =>
    usual.mean.reduce((sum, mean, d) => sum - mean * weight[d * classes + k]!, b),
  );
  return { weight, bias };
}

/**
 * The head of embeddings relative to their speaker's usual ones; `null` where no speaker has enough clips. Usual is what
 * is so over all of a speaker's clips, and over his neutral ones: a person calibrates by either.
 *
 * @param neutral the class that is ordinary speech; -1: there is none
 * @param everybody what is usual of all, as the model file will know it
 */
export async function fitVoiceHead(
  clips: readonly Embedded[],
  classes: number,
  neutral: number,
  everybody = usualOfAll(clips),
): Promise<Head | null> {
  const known = [
    ...seenBySpeaker(clips, everybody),
    ...seenBySpeaker(clips, everybody, ({ target }) => target === neutral),
  ];
  return known.length > 0 ? logisticRegression(known, classes) : null;
}

export function logitsOf({ weight, bias }: Head, embedding: Float32Array): Float32Array {
  const classes = bias.length;
  return bias.map((b, k) => embedding.reduce((sum, value, d) => sum + value * weight[d * classes + k]!, b));
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
 * To be raised where heads, or how sure they are, are fitted otherwise: a run that was finished before is then not taken
 * for today's.
 */
export const HEADS = 8;

/**
 * Minimises the mean cross-entropy, balanced over corpora and classes, plus half the penalty times the squared weights.
 *
 * That a corpus lacks an emotion says nothing of how that sounds: as any other wrong answer it would teach a head to know
 * corpora, and never to answer what few of them have. So it is taken to be rare there (`RARE`). Were it no answer at all,
 * nothing would hold it back in a corpus that sounds like none: of RAVDESS seven clips in ten would be disgust.
 */
async function logisticRegression(seen: readonly Seen[], classes: number): Promise<Head> {
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
  const square = await nodeRuntime.load(writeModel(squareModel(1)));
  const update = await nodeRuntime.load(
    writeModel(updateModel(1, { kind: "adamw", weightDecay: 0, averageDecay: 0 })),
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
    const flat = { shape: [1, count], data: gradients!.data as Float32Array };
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
  return { weight: parameters.slice(0, width * classes), bias: parameters.slice(width * classes) };
}
