// A model of ours that is small enough to be made in a test: it hears loudness and nothing else.
import { createGraph, floatTensor, ops, toModel } from "../../src/graph/index.ts";
import { writeModel } from "../../src/onnx/index.ts";
import { CARD_KEY, type ModelCard, unknownCard } from "../../src/speech/index.ts";

/** Natural logarithm of the mean power at which each emotion is the likeliest, in the card's order. */
export const CENTRES = [-1, -2, -3, -4, -5, -6, -7];

/** What the model says of a sound of this mean power, worked out without it. */
export function tinyProbabilities(power: number): number[] {
  const level = Math.log(power + 1e-9);
  const exps = CENTRES.map((centre) => Math.exp(-4 * (level - centre) ** 2));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((e) => e / total);
}

export function tinyCard(changes: Partial<ModelCard> = {}): ModelCard {
  return { ...unknownCard("tiny"), version: "1", features: "mean power", threshold: 0.5, ...changes };
}

/** @param card `null`: a file without one */
export function tinyModel(card: ModelCard | null = tinyCard()): Uint8Array {
  const graph = createGraph();
  const audio = graph.input("audio", ["batch", "samples"]);
  const voice = graph.input("voice", [2, 1]);
  // Power of each 10 ms; `[batch, frames]`.
  const power = ops.squeeze(ops.averagePool(ops.unsqueeze(ops.mul(audio, audio), [1]), [160]), [1]);
  const level = ops.log(ops.add(ops.reduceMean(power, [1], true), 1e-9));
  const mean = ops.slice(voice, 0, 0, 1);
  const spread = ops.slice(voice, 0, 1, 2);
  const scale = ops.where(ops.greater(spread, 0), spread, 1);
  const heard = ops.div(ops.sub(level, mean), scale);
  const centres = graph.constant(floatTensor(CENTRES, [1, CENTRES.length]));
  const distance = ops.sub(heard, centres);
  const frames = ops.add(power, 1e-9);
  const outputs = {
    probabilities: ops.softmax(ops.mul(ops.mul(distance, distance), -4)),
    attention: ops.div(frames, ops.reduceSum(frames, [1], true)),
    embedding: distance,
    voice_features: level,
  };
  return writeModel(toModel(graph, outputs, card ? { [CARD_KEY]: JSON.stringify(card) } : {}));
}

/** A tone of a mean power, `[seconds * 16000]`. */
export function tone(seconds: number, power: number, hertz = 220): Float32Array {
  const peak = Math.sqrt(2 * power);
  return Float32Array.from(
    { length: Math.round(seconds * 16000) },
    (_, i) => peak * Math.sin((2 * Math.PI * hertz * i) / 16000),
  );
}

/**
 * A sound that the quality meter takes for speech: a tone of a mean power, on for 300 ms and then off for 100 ms.
 * `[seconds * 16000]`
 */
export function syllables(seconds: number, power: number): Float32Array {
  return tone(seconds, power / 0.75).map((x, i) => (i % 6400 < 4800 ? x : 0));
}
