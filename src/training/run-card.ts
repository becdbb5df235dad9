// The card of a run's model: what it was trained on, by which command, and what it scored. Knows no files.
import { describeFrontEnd, type Network } from "../models/index.ts";
import { parameterPlaces, totalSize } from "../nn/index.ts";
import { type CorpusCard, type ModelCard, type ScoreCard, USE_NOTICE } from "../speech/index.ts";
import { type Clip, corpusInfos, speakerIsKnown } from "./corpora/index.ts";
import type { PartScore } from "./measure.ts";
import type { Score } from "./metrics.ts";
import type { Recipe } from "./recipe.ts";
import type { Split } from "./splits.ts";

/** Below an even chance of being right, an honest model does not answer. */
const THRESHOLD = 0.5;

/** Who trains what, in a card's words. */
export interface Origin {
  recipe: Recipe;
  seed: number;
  /** What people type to do the same again; `version` and `commit` of this program. */
  command: string;
  version: string;
  commit: string;
  /** Scores of other runs (of a cross-validation) that go into the card. */
  scores?: readonly ScoreCard[];
}

/** @param clips what was learnt from */
export function cardOf(origin: Origin, network: Network, clips: readonly Clip[]): ModelCard {
  const { recipe } = origin;
  const { architecture } = recipe;
  return {
    name: recipe.name,
    version: origin.version,
    emotions: [...recipe.emotions],
    sampleRate: architecture.frontEnd.options.sampleRate,
    window: recipe.window,
    hop: recipe.hop,
    features: describeFrontEnd(architecture.frontEnd),
    architecture: architecture.summary,
    parameters: totalSize(
      parameterPlaces(network).filter(({ path }) => !network.whileLearning.includes(path.split(".")[0]!)),
    ),
    corpora: corporaOf(clips),
    scores: [...(origin.scores ?? [])],
    threshold: THRESHOLD,
    training: { command: origin.command, commit: origin.commit, seed: origin.seed },
    licence: "the licences of the corpora: non-commercial use where one of them says so",
    notice: USE_NOTICE,
  };
}

function corporaOf(clips: readonly Clip[]): CorpusCard[] {
  const names = [...new Set(clips.map(({ corpus }) => corpus))];
  return names.map((name) => {
    const own = clips.filter(({ corpus }) => corpus === name);
    const voices = [...new Set(own.filter(speakerIsKnown).map(({ speaker }) => speaker))].sort();
    return {
      name,
      licence: corpusInfos.find((info) => info.name === name)?.licence ?? "not known",
      speakers: voices.length,
      clips: own.length,
      languages: [...new Set(own.flatMap(({ lang }) => lang ?? []))].sort(),
      voices,
    };
  });
}

/** The scores on the test part of a split: of each corpus by itself, since each is measured on its own classes. */
export function scoreCards(
  split: Split,
  { whole, parts }: { whole: Score; parts: readonly PartScore[] },
  warnings: string[],
): ScoreCard[] {
  if (parts.length < 2) return [scoreCard(split, whole, warnings)];
  return parts.map(({ corpus, score }) => {
    const test = split.test.filter((clip) => clip.corpus === corpus);
    return scoreCard({ ...split, test }, score, warnings);
  });
}

/** The score on the whole of the test part of a split. */
export function scoreCard(
  { protocol, heldOut, test }: Split,
  measured: Score,
  warnings: string[],
): ScoreCard {
  const { clips, wa, uar, recall, low, high, ece, confusion } = measured;
  const corpus = [...new Set(test.map((clip) => clip.corpus))].join(", ");
  return { protocol, heldOut, corpus, clips, wa, uar, recall, low, high, ece, confusion, warnings };
}
