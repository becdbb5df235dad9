// What can be read off a card's scores. Pure.
import type { ScoreCard } from "../../api/types.ts";

const OFTEN = 0.1;
const MOST = 3;

export interface Missed {
  emotion: string;
  /** Share of its clips. */
  missed: number;
  /** What most of them are heard as; null: the card does not say. */
  takenFor: string | null;
}

/** The emotions that are taken for another most often, worst first: at most three, each more than one time in ten. */
export function missedMost({ recall, confusion }: Pick<ScoreCard, "recall" | "confusion">): Missed[] {
  const emotions = Object.keys(recall);
  return emotions
    .map((emotion, row) => ({
      emotion,
      missed: 1 - recall[emotion]!,
      takenFor: confusion ? mostOf(confusion[row]!, row, emotions) : null,
    }))
    .filter(({ missed }) => missed > OFTEN)
    .sort((a, b) => b.missed - a.missed)
    .slice(0, MOST);
}

function mostOf(heardAs: readonly number[], own: number, emotions: readonly string[]): string {
  const others = emotions.filter((_, column) => column !== own);
  return others.reduce((most, one) =>
    heardAs[emotions.indexOf(one)]! > heardAs[emotions.indexOf(most)]! ? one : most,
  );
}
