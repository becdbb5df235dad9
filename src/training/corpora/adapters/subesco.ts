// SUBESCO by its own file names, `F_02_MONIKA_S_1_NEUTRAL_5.wav`. Knows names, not files.
// Source: Sultana et al., PLoS ONE 16(4): e0250173, 2021: gender, speaker, name, sentence, emotion, take.
import type { Adapter } from "../adapter.ts";

const NAME = /^([FM])_(\d\d)_[A-Z]+_S_(\d{1,2})_(ANGRY|DISGUST|FEAR|HAPPY|NEUTRAL|SAD|SURPRISE)_\d$/i;

export const subesco: Adapter = {
  info: {
    name: "subesco",
    title: "SUST Bangla Emotional Speech Corpus",
    languages: ["bn"],
    speakers: 20,
    clips: 7000,
    nature: "acted; 10 women and 10 men; 10 sentences, 5 takes",
    licence: "CC BY 4.0",
    labels: ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"],
    readBy: "file names",
    from: "Zenodo (doi:10.5281/zenodo.4526477)",
    citation: "Sultana et al., SUST Bangla Emotional Speech Corpus, PLoS ONE 16(4): e0250173, 2021",
    notes: ["Every actor says the same sentences: a split by voice shares them."],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, letter, number, sentence, label] = parts;
    const gender = letter!.toUpperCase();
    // Women and men are numbered apart.
    const speaker = `${gender}_${number}`;
    return { speaker, sentence: sentence!, label: label!.toLowerCase(), gender, lang: "bn" };
  },
};
