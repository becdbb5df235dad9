// Which of a card's scores speak of new voices, and how far. Pure: knows how protocols are called.
import type { ScoreCard } from "./card.ts";

/** Protocols that hold out whole voices, from the one that says least; any other tests on voices that were trained on. */
const UNSEEN_VOICES = ["unseen speaker", "unseen corpus", "unseen corpus and language"];

/** Whether the model never heard the voices that were measured: no other score says anything of a person who is new to it. */
export function isUnseenVoice({ protocol }: Pick<ScoreCard, "protocol">): boolean {
  return UNSEEN_VOICES.some((kind) => protocol.startsWith(kind));
}

/** Without the name of the folds, which stands behind a colon: "unseen speaker: tess-speakers" -> "unseen speaker" */
export function kindOfProtocol(protocol: string): string {
  return protocol.split(":", 1)[0]!;
}

/** Of some protocols, one at least, the one that claims least: what is true of all that they measured. */
export function weakestProtocol(protocols: readonly string[]): string {
  const strength = (protocol: string) => UNSEEN_VOICES.indexOf(kindOfProtocol(protocol));
  return protocols.reduce((weakest, one) => (strength(one) < strength(weakest) ? one : weakest));
}

/** Without means over several corpora, each of which is there by itself: nothing counts twice. */
export function withoutMeans<Score extends Pick<ScoreCard, "corpus">>(scores: readonly Score[]): Score[] {
  const there = new Set(scores.map(({ corpus }) => corpus));
  return scores.filter(({ corpus }) => {
    const parts = corpus.split(", ");
    return parts.length === 1 || !parts.every((part) => there.has(part));
  });
}
