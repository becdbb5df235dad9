// From a trained network to the model file: raw samples in, probabilities out, the card inside.
import { createGraph, ops, toModel, type Value } from "../graph/index.ts";
import { type Context, inferenceGraph } from "../nn/index.ts";
import { type OnnxModel, writeModel } from "../onnx/index.ts";
import { normalize, utteranceStatistics } from "../speech/features/index.ts";
import { CARD_KEY, type ModelCard } from "../speech/index.ts";
import {
  type Architecture,
  extract,
  type FrontEnd,
  featureWidth,
  type Network,
  normalized,
  voiceFeaturesOf,
} from "./network.ts";

/** The front end alone: `audio` `[B, S]` -> `features` `[B, T, F]`, not normalised. What training computes once. */
export function featureModel(frontEnd: FrontEnd): OnnxModel {
  const graph = createGraph();
  const audio = graph.input("audio", ["batch", "samples"]);
  return toModel(graph, { features: extract(frontEnd, audio) });
}

export interface Trained {
  architecture: Architecture;
  network: Network;
  parameters: Float32Array;
  buffers: Float32Array;
  /** The logits are divided by it, so that confidence means accuracy (Guo et al. 2017, arXiv:1706.04599). */
  temperature: number;
}

/** The bytes of a model file: inputs `audio`, `voice`; outputs as in the table of the README. */
export function exportModel(trained: Trained, card: ModelCard): Uint8Array {
  const { architecture, network, parameters, buffers, temperature } = trained;
  const model = inferenceGraph(
    network,
    parameters,
    buffers,
    (context) => {
      const audio = context.graph.input("audio", ["batch", "samples"]);
      const heardAt = architecture.normalization === "level" ? levelled(audio) : audio;
      const features = extract(architecture.frontEnd, heardAt);
      const { heard, voiceFeatures } = hear(trained, context, features);
      return {
        probabilities: ops.softmax(ops.div(heard.logits, temperature)),
        attention: heard.attention,
        embedding: heard.embedding,
        voice_features: voiceFeatures,
      } satisfies Record<string, Value>;
    },
    { metadata: { [CARD_KEY]: JSON.stringify(card) }, halved: architecture.halved },
  );
  // The network's own formula for its frames is long; users read "frames".
  const outputs = model.graph.outputs.map((output) =>
    output.name === "attention" ? { ...output, shape: ["batch", "frames"] } : output,
  );
  return writeModel({ ...model, graph: { ...model.graph, outputs } });
}

/** Root mean square of a recording as it is usual. */
const USUAL = 0.05;

/** Audio `[B, S]` at one level: however quiet a recording is, the floor of the features lies as far below it. */
function levelled(audio: Value): Value {
  const power = ops.reduceMean(ops.mul(audio, audio), [1], true);
  // Of silence, nothing is made louder without end.
  return ops.mul(audio, ops.div(USUAL, ops.sqrt(ops.add(power, 1e-14))));
}

/** The network over features `[B, T, F]` with the input `voice`, and what that is the mean and spread of. */
function hear({ architecture, network }: Trained, context: Context, features: Value) {
  const voice = (width: number) => context.graph.input("voice", [2, width]);
  if (architecture.voice) {
    const width = architecture.voice.embedding + 1;
    const heard = network.forward(context, normalized(architecture, features, null), null, voice(width));
    return { heard, voiceFeatures: voiceFeaturesOf(heard.embedding) };
  }
  const own = utteranceStatistics(features, null);
  const usual = voice(2 * featureWidth(architecture.frontEnd));
  const heard = network.forward(context, normalize(features, own, null, usual), null, null);
  return { heard, voiceFeatures: ops.concat([own.mean, own.spread], 1) };
}
