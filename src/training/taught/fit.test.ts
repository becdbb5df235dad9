// Tests of whose clips count when heads are fitted: two corpora that say the opposite of the same sounds. Embeddings are made up.
import { expect, test } from "vitest";
import type { Clip } from "../corpora/index.ts";
import { Random } from "../random.ts";
import { universalRecipe } from "../recipes/universal.ts";
import { viewsOf } from "./embeddings.ts";
import { fitHeads } from "./fit.ts";
import { logitsOf } from "./heads.ts";

const WIDTH = 6;
const EMOTIONS = ["angry", "sad"] as const;
const recipe = { ...universalRecipe, emotions: EMOTIONS };
const random = new Random(1, "clips");

/** In one corpus the first number is high where somebody is angry, in the other where he is sad. */
function clipsOf(corpus: string, speaker: string, angryIs: 1 | -1) {
  return Array.from({ length: 24 }, (_, i) => {
    const emotion = EMOTIONS[i % 2]!;
    const high = (emotion === "angry" ? 1 : -1) * angryIs;
    const heard = () =>
      Float32Array.from({ length: WIDTH }, (_, d) => (d === 0 ? high : 0) + 0.1 * random.normal());
    const clip = { corpus, speaker: `${corpus}/${speaker}`, emotion, file: `${corpus}/${speaker}-${i}.wav` };
    const views = Object.fromEntries(viewsOf(recipe).map((view) => [view, heard()]));
    return { clip: clip as Clip, clean: views.clean!, views };
  });
}

const here = {
  learnt: clipsOf("here", "ann", 1),
  judges: clipsOf("here", "bo", 1),
  strangers: clipsOf("here", "cy", 1),
};
const there = {
  learnt: clipsOf("there", "di", -1),
  judges: clipsOf("there", "ed", -1),
  strangers: clipsOf("there", "fu", -1),
};
const clips = (heard: typeof here.learnt) => heard.map(({ clip }) => clip);

/** Of both corpora, with no encoder that had heard any. */
const place = { folder: "", clips: [], uses: [] };
const split = (measured: typeof here) => ({
  train: clips([...here.learnt, ...there.learnt]),
  validation: clips(measured.judges),
  test: clips(measured.strangers),
  ...{ protocol: "unseen speaker", heldOut: "one", validationBy: "speaker" as const },
});

test.each([
  ["here", here],
  ["there", there],
])("where two corpora are learnt from, the one that is measured decides: %s", async (_, measured) => {
  const parts = split(measured);
  const heard = [...here.learnt, ...there.learnt, ...measured.judges];
  const fitted = await fitHeads({ recipe, split: parts }, place, { heard, leftOut: [] });
  const right = measured.strangers.filter(({ clip, clean }) => {
    const [angry, sad] = logitsOf(fitted.heads.plain, clean) as unknown as [number, number];
    return angry > sad === (clip.emotion === "angry");
  });
  expect(right.length).toBeGreaterThan(0.95 * measured.strangers.length);
  expect(fitted.validation.wa).toBeGreaterThan(0.95);
  // How sure it is was judged by voices of a corpus that it knows: it may be sure.
  expect(fitted.threshold).toBeUndefined();
  expect(fitted.clips).toEqual([...parts.train, ...parts.validation]);
});

test("a clip that could not be heard is passed over; one that nobody tried to hear is no such clip", async () => {
  const [lost, ...rest] = [...here.learnt, ...there.learnt, ...here.judges];
  const options = { recipe, split: split(here) };
  const leftOut = [{ clip: lost!.clip, reason: "is no sound" }];
  const fitted = await fitHeads(options, place, { heard: rest, leftOut });
  expect(fitted.clips).toEqual(clips(rest));
  await expect(fitHeads(options, place, { heard: rest, leftOut: [] })).rejects.toThrow(
    "here here/ann-0.wav: nobody asked what the encoder hears in it",
  );
});
