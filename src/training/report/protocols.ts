// What each way to split says, and what it does not, in plain words. Pure: a table.
import { kindOfProtocol } from "../../speech/index.ts";

const MEANINGS: Record<string, string> = {
  "random split":
    "Clips were drawn at random, so the same voices are on both sides. The score says how well the model knows " +
    "the people it was trained on; it says nothing about other voices.",
  "unseen words":
    "The words that were measured were in no training clip, but the voices were. The score says that the model " +
    "listens to more than words; it says nothing about other voices.",
  "unseen speaker":
    "No clip of the voice that was measured was used in training: this is how it does on a new voice.",
  "unseen corpus":
    "Nothing of the corpus that was measured was used in training: voices, words, microphone and way of acting " +
    "are all new.",
  "unseen corpus and language":
    "Nothing of the corpus that was measured, nor of its language, was used in training: the language is new too, " +
    "beside voices, words, microphone and way of acting.",
};

/** For people; `null` for a protocol that is not in the table. */
export function meaningOfProtocol(protocol: string): string | null {
  return MEANINGS[kindOfProtocol(protocol)] ?? null;
}
