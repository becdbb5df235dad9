// Tests of the choice of clips: whose voice counts as unheard, and how many of each corpus are drawn.
import { describe, expect, test } from "vitest";
import { tinyCard } from "../../test/support/tiny-model.ts";
import type { Clip } from "../training/index.ts";
import { drawEvenly, ownClassesOf, UnseenError, unseenClips } from "./unseen.ts";

const clip = (speaker: string, emotion: string, number = 0): Clip => ({
  ...{ path: `/x/${speaker}-${emotion}-${number}.wav`, file: `${speaker}-${emotion}-${number}.wav` },
  ...{ corpus: speaker.split("/")[0]!, speaker, emotion: emotion as Clip["emotion"], label: emotion },
});
const corpus = (name: string, voices?: string[]) => ({
  ...{ name, licence: "none", speakers: 1, clips: 1, languages: [] },
  ...(voices && { voices }),
});

describe("unseen clips", () => {
  const card = tinyCard({
    emotions: ["happy", "sad", "calm"],
    corpora: [corpus("a", ["a/01", "a/02"]), corpus("b")],
  });

  test("are those of other voices of the same corpus and of other corpora", () => {
    const clips = [clip("a/01", "sad"), clip("a/03", "sad"), clip("c/01", "happy"), clip("a/03", "calm")];
    expect(unseenClips(clips, card, "m")).toEqual(clips.slice(1));
    expect(ownClassesOf(card)).toEqual(["calm"]);
    expect(ownClassesOf(tinyCard())).toEqual([]);
  });

  test("where there are none, it is said why", () => {
    const clips = [
      clip("a/01", "sad"),
      clip("a/02", "sad"),
      // The card has learnt from this corpus and does not say whom; nobody says who this is; what is this?
      clip("b/01", "sad"),
      clip("c/unknown", "sad"),
      clip("c/01", "angry"),
    ];
    const choosing = () => unseenClips(clips, card, "m.onnx");
    expect(choosing).toThrow(UnseenError);
    for (const why of [
      "m.onnx: no clip",
      "2 of voices it was trained on",
      "1 of a corpus it was trained on, with voices that its card does not name",
      "1 of speakers that are not known",
      "1 of emotions that it does not answer with",
    ])
      expect(choosing).toThrow(why);
    expect(() => unseenClips([], card, "m")).toThrow("there are no clips");
    expect(() => unseenClips(clips, tinyCard(), "m")).toThrow("does not say what it was trained on");
  });
});

describe("drawing", () => {
  const clips = [
    ...Array.from({ length: 3 }, (_, i) => clip("small/01", "sad", i)),
    ...Array.from({ length: 50 }, (_, i) => clip("large/01", "sad", i)),
    ...Array.from({ length: 40 }, (_, i) => clip("middle/01", "sad", i)),
  ];
  const counts = (drawn: readonly Clip[]) =>
    Object.fromEntries(
      [...Map.groupBy(drawn, ({ corpus }) => corpus)].map(([name, own]) => [name, own.length]),
    );

  test("takes as many of each corpus; what a small one lacks, the others give", () => {
    expect(counts(drawEvenly(clips, 9, 1))).toEqual({ small: 3, middle: 3, large: 3 });
    expect(counts(drawEvenly(clips, 24, 1))).toEqual({ small: 3, middle: 10, large: 11 });
    expect(counts(drawEvenly(clips, 400, 1))).toEqual({ small: 3, middle: 40, large: 50 });
  });

  test("is the same for a seed, another for another, and no clip comes twice", () => {
    const drawn = drawEvenly(clips, 24, 1);
    expect(drawEvenly(clips, 24, 1)).toEqual(drawn);
    expect(drawEvenly(clips, 24, 2)).not.toEqual(drawn);
    expect(new Set(drawn.map(({ path }) => path)).size).toBe(24);
  });
});
