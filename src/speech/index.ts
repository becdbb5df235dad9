// The door of speech: emotions and the model card. Pure, runs anywhere.
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
export { asEmotion, EMOTIONS, type Emotion, LABEL_RULES, type LabelMeaning, meaningOf } from "./emotions.ts";
