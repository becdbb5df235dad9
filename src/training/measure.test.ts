// Tests of measuring corpus by corpus, with a recogniser whose answers are made up from one sample of each clip.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { wavBytes } from "../../test/support/wav.ts";
import type { Recognizer, Voice } from "../recognizer/index.node.ts";
import { unknownCard } from "../speech/index.ts";
import type { Clip } from "./corpora/index.ts";
import { measureParts } from "./measure.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
afterAll(() => rmSync(dir, { recursive: true }));

const EMOTIONS = ["angry", "boredom", "neutral", "sad"] as const;
/** How sure the fake is of its answer. */
const SURE = 0.7;

/** A clip whose sound says what is heard: `unknown` voice, and the sound of `calibrated`, which needs the voice. */
function clip(corpus: string, speaker: string, emotion: string, heard = emotion, calibrated = emotion): Clip {
  const file = `${corpus}-${speaker}-${emotion}-${written++}.wav`;
  const level = indexOf(heard) * 4 + indexOf(calibrated);
  writeFileSync(join(dir, file), wavBytes(new Float32Array(16_000).fill(level / 32)));
  return { path: join(dir, file), file, corpus, speaker: `${corpus}/${speaker}`, emotion } as Clip;
}
let written = 0;
const indexOf = (emotion: string) => (EMOTIONS as readonly string[]).indexOf(emotion);

/** Remembers the voices that it was given, with how many clips. */
function fake(): { recognizer: Recognizer; heard: { clips: number; voice?: Voice }[] } {
  const heard: { clips: number; voice?: Voice }[] = [];
  const recognizer = {
    card: { ...unknownCard("fake"), emotions: [...EMOTIONS] },
    voiceWidth: 1,
    async classify(clips: readonly Float32Array[], { voice }: { voice?: Voice } = {}) {
      heard.push({ clips: clips.length, voice });
      return clips.map((samples) => {
        const level = Math.round(samples[100]! * 32);
        const answer = voice ? level % 4 : Math.floor(level / 4);
        const probabilities = Float32Array.from(EMOTIONS, (_, i) => (i === answer ? SURE : (1 - SURE) / 3));
        return { probabilities, voiceFeatures: Float32Array.of(level) };
      });
    },
  } as unknown as Recognizer;
  return { recognizer, heard };
}

const four = (corpus: string, speaker: string, emotion: string, ...heard: string[]) =>
  Array.from({ length: 4 }, () => clip(corpus, speaker, emotion, ...heard));

test("each corpus on its own classes; all of it at once, without hearing anything twice", async () => {
  const { recognizer, heard } = fake();
  // Boredom is no class of the second corpus: it is heard there, and what is left of the shares decides.
  const clips = [
    ...[clip("one", "a", "boredom"), clip("one", "a", "sad", "angry"), clip("one", "b", "angry")],
    ...[clip("two", "c", "angry", "boredom"), clip("two", "c", "sad")],
  ];
  const { whole, parts, leftOut } = await measureParts(recognizer, clips, { voices: false });
  expect(parts.map(({ corpus, score }) => [corpus, score.clips, score.labels])).toEqual([
    ["one", 3, ["angry", "boredom", "sad"]],
    ["two", 2, ["angry", "sad"]],
  ]);
  expect(parts[0]!.score.recall).toEqual({ angry: 1, boredom: 1, sad: 0 });
  expect(parts[1]!.score.recall).toEqual({ angry: 1, sad: 1 });
  expect(whole).toMatchObject({ clips: 5, labels: ["angry", "boredom", "sad"], wa: 3 / 5 });
  expect(Object.keys(parts[0]!)).toEqual(["corpus", "score"]);
  expect(leftOut).toEqual([]);
  expect(heard.map(({ clips }) => clips)).toEqual([1, 1, 1, 1, 1]);
});

test("one corpus: its part is the whole", async () => {
  const clips = [clip("one", "a", "sad"), clip("one", "b", "angry", "sad")];
  const { whole, parts } = await measureParts(fake().recognizer, clips, { voices: false });
  expect(parts).toEqual([{ corpus: "one", score: whole }]);
});

test("women and men by themselves, where it is said who is which, over the same labels", async () => {
  const said = (gender: string, ...of: Parameters<typeof clip>) => ({ ...clip(...of), gender });
  const clips = [
    ...[said("F", "one", "a", "sad"), said("F", "one", "a", "angry", "neutral")],
    ...[said("M", "one", "b", "sad"), clip("one", "c", "neutral")],
    ...[said("M", "two", "d", "sad", "angry"), said("M", "two", "d", "angry")],
    clip("three", "e", "sad"),
  ];
  const { parts } = await measureParts(fake().recognizer, clips, { voices: false });
  const [one, two, three] = parts.map(({ byGender }) => byGender);
  expect(one).toMatchObject({
    F: { clips: 2, wa: 1 / 2, recall: { sad: 1, angry: 0 }, labels: ["angry", "neutral", "sad"] },
    M: { clips: 1, wa: 1, recall: { sad: 1 } },
  });
  expect(two).toEqual({ M: expect.objectContaining({ clips: 2, uar: 1 / 2 }) });
  expect(three).toBeUndefined();
});

test("women and men by themselves, their voices known", async () => {
  const said = (gender: string, speaker: string, ...of: string[]) =>
    four("one", speaker, ...(of as [string])).map((one) => ({ ...one, gender }) as Clip);
  const clips = [...said("F", "a", "sad", "angry", "sad"), ...said("M", "b", "angry", "angry", "sad")];
  const { parts } = await measureParts(fake().recognizer, clips, { voices: true });
  expect(parts[0]!.byAllClipsAndGender).toMatchObject({ F: { clips: 4, uar: 1 }, M: { clips: 4, uar: 0 } });
});

test("open: all that the model knows is offered; each clip is counted once as it is heard", async () => {
  const clips = [...four("one", "a", "sad", "boredom", "sad")];
  const seen: number[] = [];
  const onProgress = (done: number) => seen.push(done);
  const asked = { voices: true, open: true, onProgress };
  const { whole, parts } = await measureParts(fake().recognizer, clips, asked);
  expect(whole).toMatchObject({ labels: EMOTIONS, wa: 0 });
  expect(parts[0]).toMatchObject({ score: { labels: EMOTIONS, wa: 0 }, byAllClips: { wa: 1 } });
  expect(seen).toEqual([1, 2, 3, 4]);
});

test("what a measured corpus has elsewhere is offered too, and has no recall where it has no clip", async () => {
  const clips = [clip("one", "a", "sad", "boredom"), clip("one", "a", "angry")];
  const beside = [clip("one", "b", "boredom"), clip("two", "c", "neutral")];
  const { whole, parts } = await measureParts(fake().recognizer, clips, { voices: false, beside });
  expect(whole).toMatchObject({ labels: ["angry", "boredom", "sad"], recall: { angry: 1, sad: 0 } });
  expect(parts).toEqual([{ corpus: "one", score: whole }]);
});

test("answered is what the model would answer, whatever the corpus has", async () => {
  const { recognizer } = fake();
  Object.assign(recognizer.card, { threshold: SURE + 0.01 });
  const clips = [clip("one", "a", "sad"), clip("one", "b", "angry")];
  // Between the two alone it is sure of each by 0.875.
  const { whole } = await measureParts(recognizer, clips, { voices: false });
  expect(whole).toMatchObject({ wa: 1, answered: 0, waAnswered: null });
});

test("voices by all clips; by the neutral ones, which are not scored, beside the same clips unknown", async () => {
  const { recognizer, heard } = fake();
  const clips = [
    ...four("one", "a", "neutral"),
    ...four("one", "a", "sad", "angry"),
    // Neutral clips, but too few of them for a calibration: only by all clips.
    ...[clip("one", "b", "neutral"), ...four("one", "b", "angry")],
    // Nothing but neutral ones: nothing is left to score.
    ...four("one", "c", "neutral", "sad"),
    // Too few clips for any calibration: heard as before.
    clip("one", "d", "sad", "angry"),
  ];
  const { parts } = await measureParts(recognizer, clips, { voices: true });
  const [{ score, byAllClips, byNeutralClips }] = parts as [(typeof parts)[number]];
  expect(score).toMatchObject({ clips: 18, recall: { angry: 1, neutral: 5 / 9, sad: 0 } });
  expect(byAllClips).toMatchObject({ clips: 18, recall: { angry: 1, neutral: 1, sad: 4 / 5 } });
  expect(byNeutralClips!.calibrated).toMatchObject({ clips: 4, recall: { sad: 1 }, wa: 1 });
  expect(byNeutralClips!.unknown).toMatchObject({ clips: 4, recall: { sad: 0 }, wa: 0 });
  // What may be answered stays what the corpus has.
  expect(byNeutralClips!.calibrated.labels).toEqual(["angry", "neutral", "sad"]);

  const given = heard.flatMap(({ clips, voice }) => (voice ? [[clips, voice.mean[0], voice.spread[0]]] : []));
  const [neutral, sad] = [2 * 4 + 2, 0 * 4 + 3];
  expect(given).toEqual([
    [8, (neutral + sad) / 2, (neutral - sad) / 2],
    [5, expect.closeTo(neutral / 5), expect.any(Number)],
    [4, 3 * 4 + 2, 0],
    // The neutral clips of speaker a are his voice, and are not heard again.
    [4, neutral, 0],
  ]);
});

test("no neutral clips, no calibration by them; speakers whom nobody named have no voice", async () => {
  const clips = [
    ...four("one", "a", "sad", "angry"),
    ...four("two", "unknown", "sad", "angry"),
    clip("two", "b", "angry"),
  ];
  const { parts } = await measureParts(fake().recognizer, clips, { voices: true });
  expect(parts.map((part) => Object.keys(part))).toEqual([
    ["corpus", "score", "byAllClips", "voices"],
    ["corpus", "score"],
  ]);
  expect(parts[0]!.voices).toEqual({ known: 1, speakers: 1 });
});

test("what cannot be heard is left out; with nothing heard there is no score", async () => {
  const broken = clip("one", "a", "sad");
  writeFileSync(broken.path, "no sound");
  const { recognizer } = fake();
  const some = await measureParts(recognizer, [broken, clip("one", "a", "sad")], { voices: true });
  expect(some.whole).toMatchObject({ clips: 1 });
  expect(some.leftOut).toEqual([{ clip: broken, reason: expect.any(String) }]);
  expect(await measureParts(recognizer, [broken], { voices: true })).toMatchObject({
    whole: null,
    parts: [],
  });
});

test("an emotion that the model has not is named; a stop is the signal's reason", async () => {
  const { recognizer } = fake();
  const strange = measureParts(recognizer, [clip("one", "a", "calm", "sad", "sad")], { voices: false });
  await expect(strange).rejects.toThrow("is calm, and the model knows only angry, boredom, neutral, sad");
  const signal = AbortSignal.abort(new Error("enough"));
  const stopped = measureParts(recognizer, [clip("one", "a", "sad")], { voices: true, signal });
  await expect(stopped).rejects.toThrow("enough");
});
