// What can be read off a card's scores. Pure.
import type { ScoreCard } from "../../api/types.ts";

/** Protocols that hold out whole voices; the others test on voices that were trained on. */
const UNSEEN_VOICES = ["unseen speaker", "unseen corpus"];

export function isUnseenVoice({ protocol }: Pick<ScoreCard, "protocol">): boolean {
  return UNSEEN_VOICES.includes(protocol);
}

const OFTEN = 0.1;
const MOST = 3;

/** The emotions that are taken for another most often, worst first: at most three, each more than one time in ten. */
export function missedMost({ recall }: Pick<ScoreCard, "recall">): { emotion: string; missed: number }[] {
  return Object.entries(recall)
    .map(([emotion, right]) => ({ emotion, missed: 1 - right }))
    .filter(({ missed }) => missed > OFTEN)
    .sort((a, b) => b.missed - a.missed)
    .slice(0, MOST);
}
