// English of the short form of a model's card, which stands beside every answer.
import { count, formatCount, languageName, listOf } from "./format.ts";
import { emotionName } from "./shell.ts";

export const modelLine = {
  title: "The model that answers",
  trainedOn: "Trained on",
  corpus: (name: string, speakers: number, clips: number) =>
    `${name}: ${count(speakers, "voice", "voices")}, ${formatCount(clips)} clips`,
  languages: (tags: readonly string[]) => listOf(tags.map(languageName)),
  unseen: "On voices it never heard",
  /** @param low @param high the least and the most of several, 0..1 */
  score: (low: number, high: number) => {
    const [least, most] = [Math.round(low * 100), Math.round(high * 100)];
    return `right for ${least === most ? least : `${least} to ${most}`} of 100 clips`;
  },
  heldOut: (names: readonly string[]) => `measured on ${listOf(names)}`,
  weak: "Hears worst",
  recall: (emotion: string, share: number) =>
    `${emotionName(emotion).toLowerCase()} (${Math.round(share * 100)} of 100)`,
  licence: "Licence",
  unknown: "not known",
  notMeasured: "not measured",
  more: "The whole card",
} as const;
