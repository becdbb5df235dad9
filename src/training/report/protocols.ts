// What each way to split says, and what it does not, in plain words. Pure: a table.

/** A protocol for people. */
export interface ProtocolMeaning {
  says: string;
  /** Whether the voices that are measured are new to the model: only then does the score speak of other people. */
  newVoices: boolean;
}

const MEANINGS: Record<string, ProtocolMeaning> = {
  "random split": {
    says:
      "Clips were drawn at random, so the same voices are on both sides. The score says how well the model knows " +
      "the people it was trained on; it says nothing about other voices.",
    newVoices: false,
  },
  "unseen words": {
    says:
      "The words that were measured were in no training clip, but the voices were. The score says that the model " +
      "listens to more than words; it says nothing about other voices.",
    newVoices: false,
  },
  "unseen speaker": {
    says: "No clip of the voice that was measured was used in training: this is how it does on a new voice.",
    newVoices: true,
  },
  "unseen corpus": {
    says:
      "Nothing of the corpus that was measured was used in training: voices, words, microphone and way of acting " +
      "are all new.",
    newVoices: true,
  },
};

/** `null` for a protocol that is not in the table. */
export function meaningOfProtocol(protocol: string): ProtocolMeaning | null {
  return MEANINGS[protocol] ?? null;
}
