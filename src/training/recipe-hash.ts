// What a recipe comes to, as one hash: two recipes of the same name and another hash train other models. Knows no files.
import { createHash } from "node:crypto";
import { parameterPlaces } from "../nn/index.ts";
import { labelLesson, teacherLesson } from "./lessons.ts";
import { stepProgram } from "./programs.ts";
import type { Recipe } from "./recipe.ts";
import { type Scaling, TAUGHT_WIDTH } from "./teachers/index.ts";
import { initialState } from "./trainer.ts";

/** Any batch will do: what is hashed is what is done with it. */
const CLIPS = 2;
const FRAMES = 64;

/** What a teacher says is no part of a recipe. */
const ANYBODY: Scaling = {
  mean: new Float32Array(TAUGHT_WIDTH),
  spread: new Float32Array(TAUGHT_WIDTH).fill(1),
};

/**
 * SHA-256 over what a recipe says, and what this program makes of it as a graph: its own numbers, the features, how the
 * weights begin, and the training step itself, in which each layer, rate and loss is a node. What is only said of it
 * (its summary) is not part of it, nor are epochs, which are the run's.
 *
 * Neither is what the program does outside that graph: how it augments, draws and pads batches, the step of tuning (whose
 * numbers are the recipe's), how heads are fitted and what is measured. Nor the device, whose figures agree with a
 * processor's to four digits only.
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
  const lesson = recipe.teacher ? teacherLesson(recipe, network, ANYBODY) : labelLesson(recipe, network);
  const { model, noise } = stepProgram(lesson, CLIPS, FRAMES).build();
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
