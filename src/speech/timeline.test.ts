import fc from "fast-check";
import { expect, test } from "vitest";
import { joinTimeline, MeanAnswer, type Segment, type WindowAnswer } from "./timeline.ts";
import { windowStarts } from "./windows.ts";

const emotions = ["calm", "storm"];

/** One answer for all segments, each counted by its length. */
function wholeOf(segments: readonly Segment[]) {
  const mean = new MeanAnswer(emotions);
  for (const { start, end, probabilities, unlikeness } of segments) {
    mean.add({ probabilities: emotions.map((emotion) => probabilities[emotion]!), unlikeness }, end - start);
  }
  return mean.sounds!;
}

test("each second of three windows is the mean of the windows that cover it, by hand", () => {
  const answers = [
    { start: 0, end: 2, probabilities: [1, 0] },
    { start: 1, end: 3, probabilities: [0.4, 0.6] },
    { start: 2, end: 4, probabilities: [0, 1] },
  ];
  const segments = joinTimeline(answers, emotions, 1);
  expect(segments.map(({ start, end, emotion }) => [start, end, emotion])).toEqual([
    [0, 1, "calm"],
    [1, 2, "calm"],
    [2, 3, "storm"],
    [3, 4, "storm"],
  ]);
  [1, 0.7, 0.2, 0].forEach((calm, i) => {
    expect(segments[i]!.probabilities.calm).toBeCloseTo(calm, 12);
    expect(segments[i]!.confidence).toBeCloseTo(Math.max(calm, 1 - calm), 12);
  });
  expect(wholeOf(segments).probabilities.storm).toBeCloseTo((0 + 0.3 + 0.8 + 1) / 4, 12);
});

test("a window that covers part of a segment counts by that part", () => {
  const answers = [
    { start: 0, end: 1, probabilities: [1, 0] },
    { start: 0.5, end: 1.5, probabilities: [0, 1] },
  ];
  const [first, second] = joinTimeline(answers, emotions, 0.75);
  // 0.75 s of the first window, 0.25 s of the second; then 0.25 s and 0.75 s.
  expect(first!.probabilities.calm).toBeCloseTo(0.75, 12);
  expect(second!.probabilities.calm).toBeCloseTo(0.25, 12);
});

test("unlikeness is a mean of the same weights, by hand, and unknown where a window's is", () => {
  const answers = [
    { start: 0, end: 2, probabilities: [1, 0], unlikeness: 1 },
    { start: 1, end: 3.25, probabilities: [0.4, 0.6], unlikeness: 4 },
  ];
  const segments = joinTimeline(answers, emotions, 1);
  // The second window alone, 1.25 s of it, is what the last segment hears.
  expect(segments.map(({ unlikeness }) => unlikeness)).toEqual([1, 2.5, 4]);
  expect(wholeOf(segments).unlikeness).toBeCloseTo((1 + 2.5 + 1.25 * 4) / 3.25, 12);
  const [known, mixed] = joinTimeline([answers[0]!, { ...answers[1]!, unlikeness: undefined }], emotions, 1);
  expect([known!.unlikeness, mixed!.unlikeness]).toEqual([1, undefined]);
  expect(wholeOf([known!, mixed!])).not.toHaveProperty("unlikeness");
});

test("a scrap at the end joins the last segment and counts by its length", () => {
  const answers = [
    { start: 0, end: 1, probabilities: [1, 0] },
    { start: 1, end: 2.25, probabilities: [0, 1] },
  ];
  const segments = joinTimeline(answers, emotions, 1);
  expect(segments.map(({ start, end }) => [start, end])).toEqual([
    [0, 1],
    [1, 2.25],
  ]);
  expect(wholeOf(segments)).toMatchObject({ emotion: "storm", confidence: 1.25 / 2.25 });
});

test("a short recording is one segment; none is none", () => {
  expect(joinTimeline([{ start: 0, end: 0.3, probabilities: [0.2, 0.8] }], emotions, 1)).toMatchObject([
    { start: 0, end: 0.3, emotion: "storm" },
  ]);
  expect(joinTimeline([], emotions, 1)).toEqual([]);
  expect(new MeanAnswer(emotions).sounds).toBeNull();
});

test("whatever the cut, segments cover the recording once and probabilities sum to 1 between the windows' own", () => {
  const cut = fc.record({
    hop: fc.integer({ min: 1, max: 20 }),
    longer: fc.integer({ min: 0, max: 20 }),
    total: fc.integer({ min: 1, max: 400 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
  });
  fc.assert(
    fc.property(cut, ({ hop, longer, total, shares }) => {
      const size = { sampleRate: 10, window: (hop + longer) / 10, hop: hop / 10 };
      const answers = windowStarts(total, size).map((start, i): WindowAnswer => {
        const p = shares[i % shares.length]!;
        return {
          start: start / 10,
          end: Math.min(total, start + hop + longer) / 10,
          probabilities: [p, 1 - p],
        };
      });
      const segments = joinTimeline(answers, emotions, size.hop);
      expect(segments[0]!.start).toBe(0);
      expect(segments.at(-1)!.end).toBe(total / 10);
      segments.forEach(({ start, end, probabilities }, i) => {
        expect(end).toBeGreaterThan(start);
        if (i > 0) expect(start).toBe(segments[i - 1]!.end);
        expect(probabilities.calm! + probabilities.storm!).toBeCloseTo(1, 9);
        expect(probabilities.calm!).toBeGreaterThanOrEqual(Math.min(...shares) - 1e-9);
        expect(probabilities.calm!).toBeLessThanOrEqual(Math.max(...shares) + 1e-9);
      });
    }),
  );
});
