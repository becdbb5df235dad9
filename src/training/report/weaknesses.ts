// What a model's own card says against it, in sentences. Knows cards only.
import { isUnseenVoice, type ModelCard, type ScoreCard } from "../../speech/index.ts";
import { counted, percent } from "./numbers.ts";
import { meaningOfProtocol } from "./protocols.ts";

/** Voices fewer than this cannot stand for people. */
const FEW_VOICES = 20;
/** A recall this far below the mean of all is worth a name. */
const LAGS = 0.05;
/** A calibration error from which a stated confidence misleads. */
const MISLEADS = 0.05;

/** Sentences derived from the card's data: never empty, since what is not known is a weakness too. */
export function weaknesses(card: ModelCard): string[] {
  return [
    ...voices(card),
    ...newVoices(card.scores),
    ...card.scores.flatMap(lagging),
    ...unmeasured(card),
    ...card.scores.flatMap(overstated),
    ...(card.threshold === null ? ["it answers however unsure it is: no threshold is set"] : []),
    "a voice, language, microphone or room unlike those of its corpora may be heard wrongly, and with confidence",
  ];
}

function voices({ corpora }: ModelCard): string[] {
  if (corpora.length === 0) return ["what it was trained on is not known"];
  const speakers = corpora.reduce((sum, corpus) => sum + corpus.speakers, 0);
  const languages = [...new Set(corpora.flatMap((corpus) => corpus.languages))];
  return [
    ...(speakers < FEW_VOICES ? [`it was trained on ${counted(speakers, "voice")} only`] : []),
    ...(languages.length === 1 ? [`it was trained on one language only (${languages[0]})`] : []),
  ];
}

function newVoices(scores: readonly ScoreCard[]): string[] {
  const heard = scores.filter(
    ({ protocol }) => meaningOfProtocol(protocol) !== null && !isUnseenVoice({ protocol }),
  );
  const fresh = scores.filter(isUnseenVoice);
  if (fresh.length === 0) return ["how it does on a voice that it never heard is not known"];
  const best = heard.reduce<ScoreCard | null>((top, s) => (top && top.wa >= s.wa ? top : s), null);
  const worst = fresh.reduce((low, s) => (low.wa <= s.wa ? low : s));
  if (!best || best.wa <= worst.wa) return [];
  return [
    `right for ${percent(best.wa)} of clips of voices that it knows (${best.protocol}), for ` +
      `${percent(worst.wa)} of a voice that it never heard (${worst.protocol}, ${worst.heldOut})`,
  ];
}

function lagging({ recall, uar, protocol, heldOut }: ScoreCard): string[] {
  const low = Object.entries(recall)
    .filter(([, share]) => share < uar - LAGS)
    .sort(([, a], [, b]) => a - b)
    .slice(0, 3);
  if (low.length === 0) return [];
  const named = low.map(([emotion, share]) => `${emotion} ${percent(share, 1)}`).join(", ");
  return [`heard worst (${protocol}, ${heldOut}): ${named}; the mean of all is ${percent(uar, 1)}`];
}

function unmeasured({ scores, emotions }: ModelCard): string[] {
  if (scores.length === 0) return ["no score is known"];
  const missing = emotions.filter((emotion) => scores.every(({ recall }) => recall[emotion] === undefined));
  return missing.length > 0 ? [`never measured: ${missing.join(", ")}`] : [];
}

function overstated({ ece, protocol, heldOut }: ScoreCard): string[] {
  if (ece < MISLEADS) return [];
  return [`its confidence is wrong by ${(ece * 100).toFixed(1)} points on average (${protocol}, ${heldOut})`];
}
