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

const HARMONICS = 28;

/** A tone of a mean power, `[seconds * 16000]`. */
export function tone(seconds: number, power: number, hertz = 220): Float32Array {
  const peak = Math.sqrt(2 * power);
  return Float32Array.from(
    { length: Math.round(seconds * 16000) },
    (_, i) => peak * Math.sin((2 * Math.PI * hertz * i) / 16000),
  );
}

/**
 * A sound that is taken for speech, of a mean power: a voice that says "ya" for 300 ms, and then nothing for 100 ms.
 * `[seconds * 16000]`
 */
export function syllables(seconds: number, power: number): Float32Array {
  const size = Math.sqrt(power / 0.75);
  return Float32Array.from({ length: Math.round(seconds * 16000) }, (_, i) =>
    i % 6400 < YA.length ? size * YA[i % 6400]! : 0,
  );
}

/** The syllable: harmonics of a pitch of 140 Hz under formants that go from "i" to "a"; its mean power is 1. */
const YA = unit(
  Float32Array.from({ length: 4800 }, (_, i) => {
    const [from, to] = [
      [270, 2290, 3010],
      [730, 1090, 2440],
    ];
    const along = i / 4800;
    let [value, power] = [0, 0];
    for (let h = 1; h <= HARMONICS; h++) {
      const heard = from!.map((f, k) => 1 / (1 + ((140 * h - f - along * (to![k]! - f)) / 100) ** 2));
      const size = heard.reduce((a, b) => a + b) / Math.sqrt(h);
      // Schroeder's phases, which keep the peaks low (doi:10.1109/TIT.1970.1054411).
      value += size * Math.sin((2 * Math.PI * 140 * h * i) / 16000 - (Math.PI * h * h) / HARMONICS);
      power += size ** 2;
    }
    // As loud at every moment as at any other.
    return value / Math.sqrt(power);
  }),
);

function unit(sound: Float32Array): Float32Array {
  const power = sound.reduce((sum, x) => sum + x * x, 0) / sound.length;
  return sound.map((x) => x / Math.sqrt(power));
}
