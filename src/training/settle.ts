// What is fitted when a network has learnt: what it says of known voices, and what is usual for it. Knows no loop and no files.
import type { Network } from "../models/index.ts";
import { featureWidth } from "../models/index.ts";
import { bufferPlaces } from "../nn/index.ts";
import { type Usual, usualOf } from "../speech/index.ts";
import type { Example } from "./batches.ts";
import { predict } from "./predict.ts";
import { judgeProgram } from "./programs.ts";
import type { Recipe } from "./recipe.ts";
import type { Weights } from "./trainer.ts";
import { type Embedded, fitVoiceHead } from "./voice-head.ts";
import { Team } from "./workers.ts";

/** An example, and whose voice it is. */
export type Spoken = Example & { speaker: string };

export interface Settled {
  weights: Weights;
  usual: Usual;
}

/** Where a network with a voice keeps its `VoiceHead`. */
const HEAD = { weight: "voiced.weight", bias: "voiced.bias" };

/**
 * @param strangers voices that were not trained on
 * @param temperature what the model divides logits by
 */
export async function settle(
  recipe: Recipe,
  network: Network,
  weights: Weights,
  train: readonly Spoken[],
  strangers: readonly Spoken[],
  temperature: number,
  workers: number,
): Promise<Settled> {
  const [own, others] = await embed(recipe, network, weights, [train, strangers], workers);
  const usual = usualOf(
    own!.map(({ embedding }) => embedding),
    others!.map(({ embedding }) => embedding),
  );
  const head = await fitVoiceHead(own!, others!, recipe.emotions.length, temperature);
  if (!head) return { weights, usual };
  const buffers = weights.buffers.slice();
  for (const { path, offset } of bufferPlaces(network)) {
    if (path === HEAD.weight) buffers.set(head.weight, offset);
    if (path === HEAD.bias) buffers.set(head.bias, offset);
  }
  return { weights: { ...weights, buffers }, usual };
}

async function embed(
  recipe: Recipe,
  network: Network,
  { parameters, buffers }: Weights,
  parts: readonly (readonly Spoken[])[],
  workers: number,
): Promise<Embedded[][]> {
  const team = new Team(workers, { parameters: parameters.length, buffers: buffers.length }, 0);
  team.parameters.set(parameters);
  team.buffers.set(buffers);
  const width = featureWidth(recipe.architecture.frontEnd);
  try {
    const embedded: Embedded[][] = [];
    for (const part of parts) {
      const rows = await predict(team, judgeProgram(recipe, network), part, width, "embedding");
      embedded.push(
        part.map(({ speaker, corpus, target }, i) => ({ speaker, corpus, target, embedding: rows[i]! })),
      );
    }
    return embedded;
  } finally {
    await team.close();
  }
}
