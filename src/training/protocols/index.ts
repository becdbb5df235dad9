// The protocols by name, and how one becomes splits.
import { leaveOneCorpusOut, leaveOneLanguageOut } from "./across.ts";
import { emodbSpeakers, nemoSpeakers, ravdessActors, tessSpeakers } from "./one-corpus.ts";
import type { Protocol } from "./protocol.ts";

export { HALVES, MEASURED_CORPORA, VALIDATION_VOICES } from "./across.ts";
export { alsoTrainingOn } from "./extend.ts";
export { corporaOf, type Fold, type Protocol, type Validation, type Voices } from "./protocol.ts";
export { splitsOf } from "./splits.ts";

export const PROTOCOLS: readonly Protocol[] = [
  tessSpeakers,
  ravdessActors,
  emodbSpeakers,
  nemoSpeakers,
  leaveOneCorpusOut,
  leaveOneLanguageOut,
];
