// Which clips a model may be measured on: voices that its card does not name. Knows cards and clips, decodes nothing.
import type { ModelCard } from "../speech/index.ts";
import { type Clip, OWN_CLASSES, Random } from "../training/index.ts";

/** No clip is left to measure a model on. The message says why, and what to do. */
export class UnseenError extends Error {
  override name = "UnseenError";
}

/** Corpora's own classes that a model answers with: `readCorpora` is asked for them. */
export function ownClassesOf({ emotions }: ModelCard) {
  return OWN_CLASSES.filter((name) => emotions.includes(name));
}

/**
 * The clips of known speakers whom the model never heard, with an emotion that it answers with. The card names the voices of
 * training and of validation alike; where it tells of a corpus without saying whom, nobody in it counts as unheard.
 *
 * @param who what the model is called in messages
 * @throws UnseenError where there are none
 */
export function unseenClips(clips: readonly Clip[], card: ModelCard, who: string): Clip[] {
  if (card.corpora.length === 0) {
    throw new UnseenError(
      `${who}: its card does not say what it was trained on, so no voice is known to be new to it; ` +
        "measure a model that was trained here",
    );
  }
  const voices = new Set(card.corpora.flatMap(({ voices }) => voices ?? []));
  const silent = new Set(card.corpora.filter(({ voices }) => !voices).map(({ name }) => name));
  const reasonOf = ({ speaker, corpus, emotion }: Clip) => {
    if (voices.has(speaker)) return "of voices it was trained on";
    if (silent.has(corpus)) return "of a corpus it was trained on, with voices that its card does not name";
    // As the corpora's reader names whom nobody names.
    if (speaker.endsWith("/unknown")) return "of speakers that are not known";
    return card.emotions.includes(emotion) ? "unseen" : "of emotions that it does not answer with";
  };
  const byReason = Map.groupBy(clips, reasonOf);
  const unseen = byReason.get("unseen");
  if (unseen) return unseen;
  const counts = [...byReason].map(([reason, { length }]) => `${length} ${reason}`);
  throw new UnseenError(
    `${who}: no clip of the data folder is of a voice it never heard (${counts.join(", ") || "there are no clips"}); ` +
      "name a folder with other voices by --data, or a model that left some out, such as one of a fold",
  );
}

/** So many clips, as many of each corpus; what a small corpus lacks, the larger ones give. The same for the same seed. */
export function drawEvenly(clips: readonly Clip[], count: number, seed: number): Clip[] {
  const corpora = [...Map.groupBy(clips, ({ corpus }) => corpus)].sort(([, a], [, b]) => a.length - b.length);
  let left = count;
  return corpora.flatMap(([corpus, own], i) => {
    const drawn = new Random(seed, corpus).shuffle(own).slice(0, Math.floor(left / (corpora.length - i)));
    left -= drawn.length;
    return drawn;
  });
}

/** The classes that clips have, of a model's, as indices. */
export function classesOf(clips: readonly Clip[], { emotions }: ModelCard): number[] {
  const present = new Set<string>(clips.map(({ emotion }) => emotion));
  return emotions.flatMap((emotion, i) => (present.has(emotion) ? [i] : []));
}
