// The models' cards, each asked for once, and what of them stands beside an answer. Knows the card's fields.
import { isUnseenVoice, withoutMeans } from "../../../src/speech/index.ts";
import { api } from "./client.ts";
import { type Resource, useResource } from "./resource.ts";
import type { ModelCard } from "./types.ts";

const cards = new Map<string, Promise<ModelCard>>();

/** "tess-lstm@0.1.0" -> "tess-lstm" */
export function modelName(id: string): string {
  return id.split("@", 1)[0]!;
}

/** @param model name, with or without its version; null: none */
export function useCard(model: string | null): Resource<ModelCard> {
  return useResource(model, () => {
    const before = cards.get(model!);
    if (before) return before;
    const asked = api.card(modelName(model!));
    cards.set(model!, asked);
    asked.catch(() => cards.delete(model!));
    return asked;
  });
}

/** How it does on voices that it never heard. */
export type Unseen = {
  /** Least and greatest accuracy where it was measured, 0..1. */
  low: number;
  high: number;
  heldOut: string[];
  /** The emotions it hears worst, at most three: mean recall below the mean of all. */
  weakest: { emotion: string; recall: number }[];
};

/** Null: not measured. */
export function unseenOf({ scores }: ModelCard): Unseen | null {
  const unseen = withoutMeans(scores.filter(isUnseenVoice));
  if (unseen.length === 0) return null;
  const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const overall = mean(unseen.map(({ uar }) => uar));
  const emotions = [...new Set(unseen.flatMap(({ recall }) => Object.keys(recall)))];
  const weakest = emotions
    .map((emotion) => ({ emotion, recall: mean(unseen.flatMap(({ recall }) => recall[emotion] ?? [])) }))
    .filter(({ recall }) => recall < overall)
    .sort((a, b) => a.recall - b.recall)
    .slice(0, 3);
  const accuracies = unseen.map(({ wa }) => wa);
  return {
    low: Math.min(...accuracies),
    high: Math.max(...accuracies),
    heldOut: unseen.map(({ heldOut }) => heldOut),
    weakest,
  };
}
