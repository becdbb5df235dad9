// What an encoder learns from: clips as examples, and a teacher whose numbers are of one scale. Knows files, no training.
import { featureWidth } from "../../models/index.ts";
import { augment } from "../augment.ts";
import { type Example, padBatch, paddedFrames, toExamples } from "../batches.ts";
import { type Clip, CorpusError } from "../corpora/index.ts";
import { loadDataset, type Utterance } from "../dataset.ts";
import type { LeftOut } from "../hear-clip.ts";
import type { Taught } from "../lessons.ts";
import { cropFrames } from "../loop.ts";
import { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";
import { loadTeacher, requireHeard, scalingOf } from "../teachers/index.ts";

/** Clips, and how a recipe hears them. */
export interface Hearing {
  recipe: Recipe;
  clips: readonly Clip[];
  /** Keeps features. */
  cache?: string;
  signal?: AbortSignal;
  onDecode?(done: number, total: number): void;
}

/** @throws CorpusError where none of the clips can be heard */
export async function examplesOf({ recipe, clips, cache, signal, onDecode }: Hearing): Promise<{
  examples: Example[];
  utterances: Utterance[];
  leftOut: LeftOut[];
}> {
  const { utterances, leftOut } = await loadDataset(clips, {
    ...{ frontEnd: recipe.architecture.frontEnd, speeds: recipe.augmentation.speeds, signal },
    cache: cache ?? null,
    onProgress: (done) => onDecode?.(done, clips.length),
  });
  if (utterances.length === 0) {
    throw new CorpusError(
      `none of the ${clips.length} clips to learn from can be heard, such as ${leftOut[0]?.clip.file}: ${leftOut[0]?.reason}`,
    );
  }
  return { examples: toExamples(utterances, recipe.emotions), utterances, leftOut };
}

/** Clips by which the teacher's numbers are brought to one scale: their statistics hardly change with more. */
const SCALED_BY = 480;
/** Of them, so many are heard at once. */
const AT_ONCE = 24;

/**
 * @param file the teacher's weights
 * @param clips by some of them its numbers are brought to one scale
 */
export async function taughtBy(
  file: string,
  clips: readonly Clip[],
  { recipe, cache, signal }: Pick<Hearing, "recipe" | "cache" | "signal">,
): Promise<Taught> {
  const { frontEnd } = recipe.architecture;
  requireHeard(frontEnd.options);
  const teacher = loadTeacher(file);
  const { speeds, crop } = recipe.augmentation;
  const every = Math.ceil(clips.length / SCALED_BY);
  const some = await loadDataset(
    clips.filter((_, i) => i % every === 0),
    { frontEnd, speeds, cache: cache ?? null, asItIs: true, signal },
  );
  const stretches = augment(
    toExamples(some.utterances, recipe.emotions),
    { speeds: [1], crop },
    frontEnd,
    new Random(0, "scaled by"),
  );
  const frames = cropFrames(recipe) ?? paddedFrames(stretches);
  const batches = Array.from({ length: Math.ceil(stretches.length / AT_ONCE) }, (_, i) =>
    // All of one shape: the last ones are heard twice, which changes little.
    padBatch(stretches.slice(-AT_ONCE * (i + 1)).slice(0, AT_ONCE), frames, featureWidth(frontEnd)),
  );
  return { teacher, scaling: await scalingOf(teacher, batches) };
}
