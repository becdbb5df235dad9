// The door of speech: emotions, the model card, windows and timelines. Pure, runs anywhere.
export {
  CARD_KEY,
  CardError,
  type CorpusCard,
  type ModelCard,
  parseCard,
  type ScoreCard,
  USE_NOTICE,
  unknownCard,
} from "./card.ts";
export { EMOTIONS, type Emotion, type LabelMeaning, meaningOf } from "./emotions.ts";
export {
  judgeQuality,
  type QualityJudgement,
  type QualityVerdict,
  qualityLimits,
  type RecordingNumbers,
  type Unanswerable,
} from "./quality.ts";
export { isUnseenVoice, kindOfProtocol, weakestProtocol, withoutMeans } from "./scores.ts";
export { joinTimeline, MeanAnswer, type Segment, type Sounds, type WindowAnswer } from "./timeline.ts";
export { steadied, USUAL_CLIPS, type Usual, unlikeness, usualOf } from "./usual.ts";
export { type SoundWindow, WindowCutter, type WindowSize, windowStarts } from "./windows.ts";
