// Tests of analyze: utterances and windows against numbers worked out by hand, refusals with their reason, streams, memory.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CENTRES,
  syllables,
  tinyCard,
  tinyModel,
  tinyProbabilities,
  tone,
} from "../../test/support/tiny-model.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { EMOTIONS, joinTimeline, windowStarts } from "../speech/index.ts";
import {
  type AnalysisSegment,
  createRecognizer,
  loadRecognizer,
  type Observer,
  type Sound,
} from "./index.node.ts";

const recognizer = await loadRecognizer(tinyModel());
const WINDOW = 3 * 16000;

/** Sounds of these levels, 2 s each, one after the other. */
function levels(...of: number[]): Float32Array {
  const parts = of.map((level) => syllables(2, Math.exp(level)));
  const sound = new Float32Array(parts.length * 32000);
  parts.forEach((part, i) => {
    sound.set(part, i * 32000);
  });
  return sound;
}

const power = (sound: Float32Array) => sound.reduce((sum, x) => sum + x * x, 0) / sound.length;

async function* blocks(sound: Float32Array, size: number): Sound {
  for (let at = 0; at < sound.length; at += size) yield sound.subarray(at, at + size);
}

test("what is not longer than a window is heard whole: one answer, as classify gives it", async () => {
  const sound = syllables(2.2, Math.exp(CENTRES[5]!));
  const [clip] = await recognizer.classify([sound]);
  const analysis = await recognizer.analyze(sound, { timeline: true });
  expect(analysis).toMatchObject({ seconds: 2.2, model: "tiny@1", emotion: "sad", uncertain: false });
  EMOTIONS.forEach((emotion, k) => {
    expect(analysis.probabilities![emotion]).toBeCloseTo(clip!.probabilities[k]!, 6);
  });
  expect(analysis.confidence).toBe(analysis.probabilities!.sad);
  expect(analysis.quality).toMatchObject({ verdict: "good", clipped: 0, reasons: [] });
  expect(analysis.timeline!.map(({ start, end, emotion }) => [start, end, emotion])).toEqual([
    [0, 2.2, "sad"],
  ]);
});

/** The timeline of the card's windows, worked out without the model. */
function byWindows(sound: Float32Array) {
  const answers = windowStarts(sound.length, tinyCard()).map((start) => ({
    start: start / 16000,
    end: (start + WINDOW) / 16000,
    probabilities: tinyProbabilities(power(sound.subarray(start, start + WINDOW))),
  }));
  return joinTimeline(answers, EMOTIONS, 1);
}

function expectTimeline(timeline: readonly AnalysisSegment[], expected: ReturnType<typeof byWindows>) {
  expect(timeline.length).toBe(expected.length);
  timeline.forEach(({ start, end, probabilities: of }, i) => {
    expect([start, end]).toEqual([expected[i]!.start, expected[i]!.end]);
    for (const e of EMOTIONS) expect(of[e]).toBeCloseTo(expected[i]!.probabilities[e]!, 4);
  });
}

/** Listens to what is watched: each piece that was heard, from, to. */
function watching(): { observer: Observer; seen: [number, number][] } {
  const seen: [number, number][] = [];
  const window = (start: number, end: number) => seen.push([start, end]);
  return { observer: { samples: async () => {}, window }, seen };
}

/** The mean over what was heard, worked out without the model. */
function expectMean(
  probabilities: Record<string, number>,
  sound: Float32Array,
  seen: readonly [number, number][],
  weights: readonly number[],
) {
  const heard = seen.map(([from, to]) =>
    tinyProbabilities(power(sound.subarray(Math.round(from * 16000), Math.round(to * 16000)))),
  );
  const total = weights.reduce((a, b) => a + b);
  EMOTIONS.forEach((emotion, k) => {
    const mean = heard.reduce((sum, of, i) => sum + weights[i]! * of[k]!, 0) / total;
    expect(Math.abs(probabilities[emotion]! - mean)).toBeLessThan(0.02);
  });
}

test("six seconds without a pause are heard in one piece, as classify does, and watched; the timeline is of windows", async () => {
  for (const sound of [levels(-2, -6), levels(-2, -6, -3)]) {
    const [clip] = await recognizer.classify([sound]);
    const { observer, seen } = watching();
    const { timeline, ...analysis } = await recognizer.analyze(sound, { timeline: true, observer });
    EMOTIONS.forEach((emotion, k) => {
      expect(analysis.probabilities![emotion]).toBeCloseTo(clip!.probabilities[k]!, 6);
    });
    expect(seen).toEqual([[0, sound.length / 16000]]);
    expectTimeline(timeline!, byWindows(sound));
    expect(await recognizer.analyze(sound)).toEqual(analysis);
  }
});

test("two utterances and a pause: each is heard by itself, and the answer is their mean", async () => {
  const sound = new Float32Array(9 * 16000);
  sound.set(syllables(2, Math.exp(CENTRES[3]!)), 16000);
  sound.set(syllables(2.8, Math.exp(CENTRES[5]!)), 6 * 16000);
  const { observer, seen } = watching();
  const analysis = await recognizer.analyze(sound, { observer });
  expect(seen.length).toBe(2);
  const [[a, b], [c, d]] = seen as [[number, number], [number, number]];
  // The pause is from 3 s to 6 s, and of every silence a second is heard.
  for (const [got, expected] of [
    [a, 0],
    [b, 4],
    [c, 5],
    [d, 9],
  ])
    expect(Math.abs(got! - expected!)).toBeLessThan(0.25);
  // Each counts by how long somebody speaks in it.
  expectMean(analysis.probabilities!, sound, seen, [2, 2.8]);
});

test("a word in a long pause is heard with a second of it on either side", async () => {
  const sound = new Float32Array(9 * 16000);
  sound.set(syllables(0.8, Math.exp(CENTRES[3]!)), 4 * 16000);
  const { observer, seen } = watching();
  expect(await recognizer.analyze(sound, { observer })).toMatchObject({ uncertain: false });
  expect(seen.length).toBe(1);
  expect(seen[0]![0]).toBeGreaterThan(2.7);
  expect(seen[0]![1]).toBeLessThan(6.1);
});

test("longer speech is heard in parts that leave nothing out; the timeline is of the card's windows, by hand", async () => {
  const sound = levels(-2, -6, -3, -3, -5.4, -5.4);
  const { observer, seen } = watching();
  const { timeline, probabilities } = await recognizer.analyze(sound, { timeline: true, observer });
  expect(timeline!.length).toBe(12);
  expectTimeline(timeline!, byWindows(sound));
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.map(([start]) => start)).toEqual([0, ...seen.slice(0, -1).map(([, end]) => end)]);
  expect(seen.at(-1)![1]).toBe(12);
  const lengths = seen.map(([start, end]) => end - start);
  expect(Math.max(...lengths)).toBeLessThan(4.1);
  expectMean(probabilities!, sound, seen, lengths);
});

test("of five minutes with a sentence in each, each sentence is heard once", async () => {
  const minute = new Float32Array(60 * 16000);
  minute.set(syllables(2, Math.exp(CENTRES[5]!)), 30 * 16000);
  async function* sound(): Sound {
    for (let i = 0; i < 5; i++) yield minute;
  }
  const { observer, seen } = watching();
  expect(await recognizer.analyze(sound(), { observer })).toMatchObject({ seconds: 300, uncertain: false });
  expect(seen.length).toBe(5);
  seen.forEach(([start, end], i) => {
    expect(Math.abs(start - (60 * i + 29))).toBeLessThan(0.25);
    expect(Math.abs(end - (60 * i + 33))).toBeLessThan(0.25);
  });
});

test("however a sound arrives, the analysis is the same", async () => {
  const sound = levels(-2, -6, -3, -7).subarray(0, 120_001);
  const expected = await recognizer.analyze(sound, { timeline: true });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 100, max: 130_000 }), async (size) => {
      expect(await recognizer.analyze(blocks(sound, size), { timeline: true })).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});

test("a confidence below the card's threshold is no answer, and says so", async () => {
  const between = syllables(2, Math.exp(-4.5));
  const strict = await loadRecognizer(tinyModel(tinyCard({ threshold: 0.7 })));
  const lenient = await loadRecognizer(tinyModel(tinyCard({ threshold: null })));
  const analysis = await strict.analyze(between, { timeline: true });
  expect(analysis).toMatchObject({ emotion: null, uncertain: true, because: "low-confidence" });
  expect(analysis.reason).toMatch(/^The likeliest emotion, (happy|neutral), has 5\d %; below 70 %/);
  expect(analysis.confidence).toBeCloseTo(0.5, 1);
  expect(analysis.timeline!.map(({ emotion }) => emotion)).toEqual([null]);
  expect(await lenient.analyze(between)).toMatchObject({ uncertain: false });
});

test.each([
  ["silence", new Float32Array(32000), "silence"],
  ["a held tone", tone(2, 0.01), "no-speech"],
  ["0.05 s", syllables(0.05, 0.1), "too-short"],
  ["nothing", new Float32Array(0), "too-short"],
])("%s is no answer, and says why", async (_, sound, because) => {
  const analysis = await recognizer.analyze(sound, { timeline: true });
  expect(analysis).toMatchObject({ emotion: null, uncertain: true, because });
  expect(analysis.reason).toBe(analysis.quality.reasons[0]);
  expect(analysis.quality.verdict).toBe("poor");
  for (const { emotion } of analysis.timeline!) expect(emotion).toBeNull();
  if (because === "too-short") {
    expect(analysis).toMatchObject({ confidence: 0, probabilities: null, timeline: [] });
  }
});

/** What rises and falls as speech does, and is none: a chord, struck twice a second. */
function chords(seconds: number, power: number): Float32Array {
  const notes = [220, 277.2, 329.6].map((hertz) => tone(seconds, 2 * power, hertz));
  return tone(seconds, 0).map(
    (_, i) => notes.reduce((y, note) => y + note[i]!, 0) * Math.exp(-(i % 8000) / 4000),
  );
}

test("music is no answer where the detector listens, and one where it does not", async () => {
  const music = chords(6, 0.01);
  const analysis = await recognizer.analyze(music, { timeline: true });
  expect(analysis).toMatchObject({ emotion: null, uncertain: true, because: "no-speech" });
  expect(analysis.reason).toMatch(/^Nobody is heard to speak/);
  expect(analysis.quality.speech).toBeLessThan(0.1);
  for (const { emotion } of analysis.timeline!) expect(emotion).toBeNull();
  const deaf = await createRecognizer(tinyModel(), nodeRuntime);
  expect(await deaf.analyze(music)).toMatchObject({ uncertain: false });
  expect(await deaf.analyze(tone(2, 0.01))).toMatchObject({ because: "no-speech" });
});

test.each([1, 100])(
  "%i times music, then words: the answer is that of the words, the timeline says where they are",
  async (times) => {
    const [music, words] = [chords(8, Math.exp(CENTRES[1]!)), syllables(8, Math.exp(CENTRES[5]!))];
    async function* sound(): Sound {
      for (let i = 0; i < times; i++) yield music;
      yield words;
    }
    const { emotion, probabilities, quality, timeline } = await recognizer.analyze(sound(), {
      timeline: true,
    });
    expect([emotion, probabilities!.sad! > 0.6]).toEqual(["sad", true]);
    expect(quality.speech).toBeCloseTo(0.9 / (times + 1), 1);
    const spoken = timeline!.filter(({ emotion }) => emotion !== null).map(({ start }) => start - 8 * times);
    expect(spoken.filter((start) => start >= 2)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(spoken.every((start) => start >= 0)).toBe(true);
  },
);

test("a voice 40 dB quieter is heard to speak as much, and one word in a minute of silence is heard", async () => {
  const loud = syllables(3, 0.05);
  const [a, b] = await Promise.all(
    [loud, loud.map((x) => x / 100)].map((sound) => recognizer.analyze(sound)),
  );
  expect(b!.quality.speech).toBeCloseTo(a!.quality.speech, 2);
  const minute = new Float32Array(60 * 16000);
  minute.set(syllables(0.8, Math.exp(CENTRES[5]!)), 30 * 16000);
  expect(await recognizer.analyze(minute)).toMatchObject({ uncertain: false });
});

test("raw samples that are no numbers are an error with their place; a source that replaced some says it", async () => {
  const sound = syllables(4, 0.01);
  sound[50_000] = Number.NaN;
  await expect(recognizer.analyze(sound)).rejects.toThrow("analyze: sample 50000 is NaN");
  sound[50_000] = 0;
  const source: Sound = Object.assign(blocks(sound, 8000), { nonFinite: 3 });
  const { quality } = await recognizer.analyze(source);
  expect(quality.verdict).toBe("fair");
  expect(quality.reasons.join()).toContain("3 of its samples are not numbers");
});

test("a signal ends it, and the source is let go", async () => {
  let ended = false;
  async function* endless(): Sound {
    try {
      for (;;) yield syllables(1, 0.01);
    } finally {
      ended = true;
    }
  }
  const signal = AbortSignal.timeout(50);
  await expect(recognizer.analyze(endless(), { signal })).rejects.toThrow(/timeout/);
  expect(ended).toBe(true);
});

test("progress says how much has been heard", async () => {
  const seen: number[] = [];
  await recognizer.analyze(blocks(syllables(3, 0.01), 16_000), { onProgress: (s) => seen.push(s) });
  expect(seen).toEqual([1, 2, 3]);
});

test("an hour takes no more memory than a minute", async () => {
  const second = syllables(1, 0.01);
  async function* seconds(count: number): Sound {
    for (let i = 0; i < count; i++) yield second;
  }
  await recognizer.analyze(seconds(60));
  const before = process.memoryUsage.rss();
  const { seconds: heard } = await recognizer.analyze(seconds(3600));
  expect(heard).toBe(3600);
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(100);
});
