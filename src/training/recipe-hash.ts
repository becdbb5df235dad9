// What a recipe comes to, as one hash: two recipes of the same name and another hash train other models. Knows no files.
import { createHash } from "node:crypto";
import { parameterPlaces } from "../nn/index.ts";
import { lessonOf } from "./lessons.ts";
import { stepProgram } from "./programs.ts";
import type { Recipe } from "./recipe.ts";
import { initialState } from "./trainer.ts";

/** Any batch will do: what is hashed is what is done with it. */
const CLIPS = 2;
const FRAMES = 64;

/**
 * SHA-256 over everything of a recipe that decides the weights: its own numbers, the features, how the weights begin,
 * and the training step itself, in which each layer, rate and loss is a node. What is only said of it (its summary) is not part of it, nor
 * are epochs, which are the run's.
 *
 * A change of this program that makes another graph of the same network changes it too: a run is then not gone on with,
 * rather than half by one and half by the other.
 */
export function recipeHash(recipe: Recipe): string {
  const {
    name: _name,
    summary: _summary,
    corpora: _corpora,
    epochs: _epochs,
    architecture,
    ...numbers
  } = recipe;
  const network = architecture.network(recipe.emotions.length);
  const places = parameterPlaces(network);
  // How weights begin is in no graph.
  const { parameters } = initialState(network, 0);
  const { model, noise } = stepProgram(lessonOf(recipe, network), CLIPS, FRAMES).build();
  return createHash("sha256")
    .update(canonical({ numbers, frontEnd: architecture.frontEnd, places, noise }))
    .update(model)
    .update(new Uint8Array(parameters.buffer))
    .digest("hex");
}

/** JSON whose keys are sorted: the order in which somebody wrote them decides nothing. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
