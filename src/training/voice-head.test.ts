// A voice head finds what moves within a speaker, where speakers differ more than emotions do.
import { expect, test } from "vitest";
import { Random } from "./random.ts";
import { balance, type Embedded, fitVoiceHead, relativeToSpeaker } from "./voice-head.ts";

const WIDTH = 6;

/** Each speaker has a place and a scale of his own; the class moves the first numbers a little from there. */
function clipsOf(speakers: number, each: number, seed: number): Embedded[] {
  const random = new Random(seed, "clips");
  return Array.from({ length: speakers }, (_, s) => {
    const place = Array.from({ length: WIDTH }, () => 5 * random.normal());
    const scale = 0.5 + 2 * random.next();
    return Array.from({ length: each }, (_, i): Embedded => {
      const target = i % 3;
      const embedding = Float32Array.from(
        place,
        (value, d) => value + scale * (0.3 * random.normal() + (d === target ? 1 : 0)),
      );
      return { embedding, speaker: `s${seed}-${s}`, corpus: "c", target };
    });
  }).flat();
}

function right(head: { weight: Float32Array; bias: Float32Array }, clips: readonly Embedded[]): number {
  const relative = relativeToSpeaker(clips);
  const hits = relative.filter(({ embedding, target }) => {
    const scores = [0, 1, 2].map((k) =>
      embedding.reduce((sum, value, d) => sum + value * head.weight[d * 3 + k]!, head.bias[k]!),
    );
    return scores.indexOf(Math.max(...scores)) === target;
  });
  return hits.length / relative.length;
}

test("strangers are understood, relative to themselves", async () => {
  const strangers = clipsOf(6, 30, 2);
  const head = await fitVoiceHead(clipsOf(8, 30, 1), strangers, 3, 1);
  expect(right(head!, strangers)).toBeGreaterThan(0.9);
});

test("its confidence is in units of the model's temperature", async () => {
  const [train, strangers] = [clipsOf(8, 30, 1), clipsOf(6, 30, 2)];
  const [one, two] = [await fitVoiceHead(train, strangers, 3, 1), await fitVoiceHead(train, strangers, 3, 2)];
  expect(two!.weight[0]! / one!.weight[0]!).toBeCloseTo(2, 4);
});

test("relative to a speaker: mean 0 and spread 1; whoever said too little is left out", () => {
  const clips = [...clipsOf(2, 9, 3), ...clipsOf(1, 3, 4)];
  const relative = relativeToSpeaker(clips);
  expect(relative).toHaveLength(18);
  for (const speaker of ["s3-0", "s3-1"]) {
    const first = relative.filter((clip) => clip.speaker === speaker).map(({ embedding }) => embedding[0]!);
    const mean = first.reduce((a, b) => a + b) / first.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(first.reduce((sum, value) => sum + value ** 2, 0) / first.length).toBeCloseTo(1, 1);
  }
});

test("nobody with enough clips: no head", async () => {
  expect(await fitVoiceHead(clipsOf(3, 3, 1), [], 3, 1)).toBe(null);
});

test("corpora count by the root of their size, and their classes alike", () => {
  const clip = (corpus: string, target: number): Embedded => ({
    ...{ embedding: new Float32Array(1), speaker: "s", corpus, target },
  });
  const clips = [clip("a", 0), clip("a", 0), clip("a", 0), clip("a", 1), clip("b", 0)];
  const weights = balance(clips);
  expect(weights[3]! / weights[0]!).toBeCloseTo(3, 5);
  expect(weights[3]! / weights[4]!).toBeCloseTo(2, 5);
  expect(weights.reduce((sum, weight) => sum + weight, 0) / 5).toBeCloseTo(1, 5);
});
