// What an encoder hears in clips, kept beside it for all runs that fit heads to it. Knows files, no heads.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { featureWidth, type Network } from "../../models/index.ts";
import { initialBuffers } from "../../nn/index.ts";
import { augment } from "../augment.ts";
import { type Example, toExamples } from "../batches.ts";
import { FileError, readCheckpoint, writeCheckpoint } from "../checkpoint.ts";
import type { Clip } from "../corpora/index.ts";
import { loadDataset } from "../dataset.ts";
import type { LeftOut } from "../hear-clip.ts";
import type { EncoderPlace } from "../learn.ts";
import { type Predictions, predict } from "../predict.ts";
import { judgeProgram } from "../programs.ts";
import { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";
import type { Weights } from "../trainer.ts";
import { Team } from "../workers.ts";
import type { EncoderOptions } from "./encoder.ts";

type EncoderUse = Pick<EncoderOptions, "recipe" | "seed" | "workers" | "cache" | "signal" | "onDecode"> & {
  weights: Weights;
};

interface EmbedOptions extends EncoderUse {
  /** Whose voices may be heard behind those of the clips: never those that are measured. */
  behind: readonly Clip[];
}

/**
 * To be raised where the code makes other sounds of a clip: what is kept of before, of embeddings and of runs that were
 * finished, is then not taken for today's.
 */
export const VIEWS_VERSION = 4;

/**
 * What is heard of a clip: as it is; from another throat in another haste, and recorded elsewhere, in some other room, noise or line; only
 * from another throat in another haste; and at each of the recipe's speeds. Of few voices a head knows too little of what else may
 * differ between voices.
 */
export function viewsOf({ views }: Pick<Recipe, "views">): string[] {
  return ["clean", "elsewhere", "another", ...(views?.speeds ?? []).map((speed) => `at ${speed}`)];
}

/** What an encoder hears in a clip, `[W]`: in each view by its name, and as it is. */
export interface HeardClip {
  clip: Clip;
  clean: Float32Array;
  views: Readonly<Record<string, Float32Array>>;
}

export interface Embeddings {
  heard: HeardClip[];
  leftOut: LeftOut[];
}

/**
 * What the encoder at a place hears in the clips that it is used for: of each corpus read, or computed and kept. Recipes whose
 * heads hear other views share an encoder, and keep what they hear apart.
 */
export async function embeddingsFor(place: EncoderPlace, options: EncoderUse): Promise<Embeddings> {
  const all: Embeddings = { heard: [], leftOut: [] };
  const { seed, recipe } = options;
  const how = [VIEWS_VERSION, seed, heardOtherwise(recipe), viewsOf(recipe), soundsOf(place.clips)];
  const views = createHash("sha256").update(JSON.stringify(how)).digest("hex").slice(0, 8);
  for (const [corpus, clips] of Map.groupBy(place.uses, ({ corpus }) => corpus)) {
    // Whatever a folder of sounds is called, it names a file.
    const path = join(place.folder, "embeddings", views, `${encodeURIComponent(corpus)}.safetensors`);
    const { heard, leftOut } = await keptAt(path, clips, { ...options, behind: place.clips });
    all.heard.push(...heard);
    all.leftOut.push(...leftOut);
  }
  return all;
}

async function keptAt(path: string, clips: readonly Clip[], options: EmbedOptions): Promise<Embeddings> {
  const sounds = soundsOf(clips);
  const names = viewsOf(options.recipe);
  // One that was trained again in the same folder is another.
  const encoder = createHash("sha256").update(options.weights.parameters).digest("hex");
  const kept = readable(path, names);
  const { metadata } = kept ?? {};
  if (kept && metadata?.clips === sounds && metadata.encoder === encoder) {
    const reasons = JSON.parse(kept.metadata.leftOut!) as [number, string][];
    const missing = new Map(reasons);
    const there = clips.filter((_, i) => !missing.has(i));
    const width = kept.tensors.clean!.length / there.length;
    const row = (data: Float32Array, i: number) => data.subarray(i * width, (i + 1) * width);
    return {
      heard: there.map((clip, i) => heardIn(clip, names, (view) => row(kept.tensors[view]!, i))),
      leftOut: reasons.map(([i, reason]) => ({ clip: clips[i]!, reason })),
    };
  }
  const embeddings = await embed(clips, options);
  const places = new Map(clips.map((clip, i) => [clip, i]));
  writeCheckpoint(path, {
    tensors: Object.fromEntries(
      names.map((view) => [view, joined(embeddings.heard.map(({ views }) => views[view]!))]),
    ),
    metadata: {
      ...{ encoder, clips: sounds },
      leftOut: JSON.stringify(embeddings.leftOut.map(({ clip, reason }) => [places.get(clip), reason])),
    },
  });
  return embeddings;
}

/** Of no file, one of another version or a damaged one, nothing: all can be heard again. */
function readable(path: string, names: readonly string[]) {
  try {
    return readCheckpoint(path, names);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

function heardIn(clip: Clip, names: readonly string[], of: (view: string) => Float32Array): HeardClip {
  const views = Object.fromEntries(names.map((view) => [view, of(view)]));
  return { clip, clean: views.clean!, views };
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  return all;
}

/** A clip's name among all corpora. */
export function nameOf({ corpus, file }: Clip): string {
  return `${corpus} ${file}`;
}

/** SHA-256 over clips' names and sizes: what is known of their sound before they are heard. */
export function soundsOf(clips: readonly Clip[]): string {
  const known = clips.map((clip) => [nameOf(clip), clip.bytes]);
  return createHash("sha256").update(JSON.stringify(known)).digest("hex");
}

/** What is made of a clip for the views that are not the clip as it is, nor at another speed. */
function heardOtherwise({ augmentation: { acoustics }, views }: Recipe) {
  const another = { speeds: [1], tempo: views?.tempo, vocalTract: views?.vocalTract };
  return { elsewhere: { ...another, acoustics }, another };
}

/** Clips that are embedded at once. */
const AT_ONCE = 512;
/** Of those whose voices may be heard behind others, so many are. */
const BEHIND = 64;

/** What the encoder hears in clips. */
export async function embed(clips: readonly Clip[], options: EmbedOptions): Promise<Embeddings> {
  const { recipe, seed, workers, weights, behind, cache = null, signal, onDecode } = options;
  const { architecture } = recipe;
  const heardAs = { frontEnd: architecture.frontEnd, cache, signal };
  const speeds = recipe.views?.speeds ?? [];
  const { utterances, leftOut } = await loadDataset(clips, {
    ...{ ...heardAs, speeds },
    onProgress: (done) => onDecode?.(done, clips.length),
  });
  const drawn = new Random(seed, "behind").shuffle(behind).slice(0, BEHIND);
  const behindThem = await loadDataset(drawn, { ...heardAs, speeds, asItIs: true });
  const others = toExamples(behindThem.utterances, recipe.emotions);
  const otherwise = heardOtherwise(recipe);
  const names = viewsOf(recipe);
  const network = architecture.network(recipe.emotions.length);
  const program = judgeProgram(recipe, network);
  const team = teamWith(network, weights, workers);
  const hear = (examples: readonly Example[]) =>
    predict(team, program, examples, featureWidth(architecture.frontEnd), "embedding");
  const heard: HeardClip[] = [];
  try {
    for (let from = 0; from < utterances.length; from += AT_ONCE) {
      signal?.throwIfAborted();
      const part = utterances.slice(from, from + AT_ONCE);
      const examples = toExamples(part, recipe.emotions);
      // Of each clip by its name: what else is heard changes nothing.
      const changed = (view: keyof typeof otherwise) =>
        examples.flatMap((example, i) => {
          const random = new Random(seed, `${view} ${nameOf(part[i]!.clip)}`);
          const asItIs = { ...example, variants: example.variants.slice(0, 1) };
          return augment([asItIs], otherwise[view], architecture.frontEnd, random, undefined, others);
        });
      // The first is the clip as it is.
      const played = speeds.map((_, k) =>
        examples.map((example) => ({ ...example, ...example.variants[1 + k]! })),
      );
      const inViews: Predictions[] = [];
      for (const view of [examples, changed("elsewhere"), changed("another"), ...played]) {
        inViews.push(await hear(view));
      }
      part.forEach(({ clip }, i) => {
        heard.push(heardIn(clip, names, (view) => inViews[names.indexOf(view)]![i]!));
      });
    }
  } finally {
    await team.close();
  }
  return { heard, leftOut };
}

/** Buffers are the heads', which say nothing of the embedding: those of another number of classes will not do. */
function teamWith(network: Network, { parameters }: Weights, workers: number): Team {
  const buffers = initialBuffers(network);
  const team = new Team(workers, { parameters: parameters.length, buffers: buffers.length }, 0);
  team.parameters.set(parameters);
  team.buffers.set(buffers);
  return team;
}
