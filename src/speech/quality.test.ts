// The verdicts: each limit from both sides, and what cannot be answered at all.

import { describe, expect, test } from "vitest";
import { judgeQuality, qualityLimits, type RecordingNumbers } from "./quality.ts";

const clean: RecordingNumbers = { seconds: 3, level: -25, clipped: 0, snr: 35, speech: 0.8, nonFinite: 0 };
const judge = (change: Partial<RecordingNumbers>) => judgeQuality({ ...clean, ...change });

test("a clean recording is good, without a word", () => {
  expect(judgeQuality(clean)).toEqual({ verdict: "good", reasons: [] });
});

describe("what cannot be answered", () => {
  test.each([
    ["too-short", { seconds: 0.249 }, "0.25 s"],
    ["too-short", { seconds: 0, level: -120, snr: 0, speech: 0 }, "0.25 s"],
    ["silence", { level: -60.5 }, "silence"],
    ["silence", { level: -120, snr: 0, speech: 0 }, "silence"],
    ["no-speech", { speech: 0, snr: 0 }, "stands out"],
    ["too-noisy", { snr: 6.9 }, "does not stand out of the background (7 dB"],
    ["no-speech", { seconds: 0.3, speech: 0.3 }, "stands out"],
    ["no-speech", { speech: 0.3, densestSpeech: 0.09 }, "Nobody is heard to speak"],
    ["no-speech", { seconds: 0.3, speech: 0.3, densestSpeech: 0.3 }, "Nobody is heard to speak"],
  ] as const)("%s %j", (unanswerable, change, words) => {
    const judged = judge(change);
    expect(judged).toMatchObject({ verdict: "poor", unanswerable });
    expect(judged.reasons).toEqual([expect.stringContaining(words)]);
  });

  test.each([
    { seconds: 0.25 },
    { level: -60 },
    { seconds: 3600, speech: 0.001 },
    { seconds: 3600, speech: 0.001, densestSpeech: 0.1 },
  ])("%j can be", (change) => {
    expect(judge(change).unanswerable).toBeUndefined();
  });
});

describe("verdicts", () => {
  test.each([
    [{ snr: 9.9 }, "poor", "10 dB above"],
    [{ snr: 10 }, "fair", "10 dB above"],
    [{ snr: 15 }, "good", undefined],
    [{ clipped: 0.021 }, "poor", "2.1 %"],
    [{ clipped: 0.01 }, "fair", "1.0 %"],
    [{ clipped: 0.001 }, "good", undefined],
    [{ level: -51 }, "fair", "quiet"],
    [{ nonFinite: 1 }, "fair", "not numbers"],
  ] as const)("%j is %s", (change, verdict, words) => {
    const judged = judge(change);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons).toEqual(words ? [expect.stringContaining(words)] : []);
  });

  test("every reason is told, the worst first", () => {
    const { verdict, reasons } = judge({ snr: 12, clipped: 0.1, level: -55, nonFinite: 4 });
    expect(verdict).toBe("poor");
    expect(reasons).toHaveLength(4);
    expect(reasons[0]).toContain("overloaded");
  });
});

test("the limits stand in an order that makes sense", () => {
  expect(qualityLimits.poorSnr).toBeLessThan(qualityLimits.fairSnr);
  expect(qualityLimits.fairClipped).toBeLessThan(qualityLimits.poorClipped);
  expect(qualityLimits.silenceLevel).toBeLessThan(qualityLimits.fairLevel);
});
