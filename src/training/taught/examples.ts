// What an encoder learns from: clips as examples, and a teacher whose numbers are of one scale. Knows files, no training.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Example, toExamples } from "../batches.ts";
import { type Clip, CorpusError } from "../corpora/index.ts";
import { loadDataset, type Utterance } from "../dataset.ts";
import type { LeftOut } from "../hear-clip.ts";
import type { Recipe } from "../recipe.ts";
import { type Scaling, scalingOf, TAUGHT_WIDTH, TEACHER_STRIDE } from "../teachers/index.ts";
import { stretchFrames, withSaid } from "./said.ts";

/** Clips, and how a recipe hears them. */
export interface Hearing {
  recipe: Recipe;
  clips: readonly Clip[];
  /** A folder that keeps features, and what a teacher says. */
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

/** How a teacher is listened to. */
export interface Listening extends Hearing {
  /** The file of its weights. */
  teacher: string;
  workers: number;
  /** Keeps what it says where there is no cache. */
  folder: string;
}

/**
 * What an encoder learns from, with what the teacher says of it.
 * @throws CorpusError where none of the clips can be heard, or there is no teacher
 */
export async function taughtExamples(options: Listening) {
  const { examples, utterances, leftOut } = await examplesOf(options);
  return { examples: await saidTo(examples, utterances, options), utterances, leftOut };
}

/** @param options.clips by some of them the teacher's numbers are brought to one scale */
export async function scaledBy(options: Listening): Promise<Scaling> {
  const every = Math.ceil(options.clips.length / SCALED_BY);
  const some = options.clips.filter((_, i) => i % every === 0);
  const { examples } = await taughtExamples({ ...options, clips: some, onDecode: undefined });
  const stretch = stretchFrames(options.recipe);
  const heard = function* () {
    for (const { said, frames } of examples) {
      for (const [i, start] of said!.starts.entries()) {
        const strides = Math.ceil(Math.min(stretch, frames - start) / TEACHER_STRIDE);
        yield said!.of(i).subarray(0, strides * TAUGHT_WIDTH);
      }
    }
  };
  return scalingOf(heard());
}

/** Lets go of what the teacher said, where no cache was to keep it. */
export function forgetSaid(options: Pick<Listening, "cache" | "folder">): void {
  if (!options.cache) rmSync(saidFolder(options), { recursive: true, force: true });
}

function saidFolder({ cache, folder }: Pick<Listening, "cache" | "folder">): string {
  return join(cache ?? folder, "said");
}

function saidTo(
  examples: readonly Example[],
  utterances: readonly Utterance[],
  { cache, folder, onDecode, ...options }: Listening,
): Promise<Example[]> {
  return withSaid(examples, utterances, {
    ...options,
    folder: saidFolder({ cache, folder }),
    onProgress: (done) => onDecode?.(done, examples.length),
  });
}
