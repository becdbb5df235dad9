// RAVDESS by its own file names, `03-01-06-01-02-01-12.wav`. Knows names, not files.
// Source: "File naming convention" of the release, doi:10.5281/zenodo.1188976.
import type { Adapter } from "../adapter.ts";

// Modality, vocal channel, emotion, intensity, statement, repetition, actor.
const NAME = /^(0[123])-(0[12])-(0[1-8])-(0[12])-(0[12])-(0[12])-(0[1-9]|1\d|2[0-4])$/;
const LABELS = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"];

export const ravdess: Adapter = {
  info: {
    name: "ravdess",
    title: "Ryerson Audio-Visual Database of Emotional Speech and Song (speech, sound only)",
    languages: ["en"],
    speakers: 24,
    clips: 1440,
    nature: "acted; 12 women and 12 men; 2 sentences, 2 intensities (neutral has one)",
    licence: "CC BY-NC-SA 4.0",
    labels: LABELS,
    readBy: "file names",
    from: "Zenodo (doi:10.5281/zenodo.1188976)",
    citation: "Livingstone and Russo, PLoS ONE 13(5): e0196391, 2018",
    notes: [
      "The audio and the video release hold the same sound: only the audio is used.",
      "Song is another release with the same names but for one number: it is left out.",
      "03-01-03-01-02-01-07 and 03-01-03-01-02-02-07 are the same recording.",
      "calm is a class of its own: left out of the seven, the eighth of the protocol ravdess-actors.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, modality, channel, emotion, , statement, , actor] = parts;
    if (modality !== "03") return { leftOut: "is the video of a recording that the audio release holds too" };
    if (channel !== "01") return { leftOut: "is sung, not spoken" };
    return {
      speaker: actor!,
      sentence: statement!,
      label: LABELS[Number(emotion) - 1]!,
      gender: Number(actor) % 2 ? "M" : "F",
      lang: "en",
    };
  },
};
