// Heads find what embeddings say of classes: of any voice, and of what moves within a speaker where speakers differ more.
import { beforeAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { Random } from "../random.ts";
import { fitPlainHead, fitVoiceHead, logitsOf } from "./heads.ts";
import { balance, type Head } from "./regression.ts";
import { type Embedded, relativeTo, seenBySpeaker, statisticsOf, usualOfAll } from "./speakers.ts";

const CLASSES = 3;
/** Numbers of an embedding that a class moves. */
const EACH = 10;
const WIDTH = CLASSES * EACH;
const NEUTRAL = 0;

/** Each speaker has a place and a scale of his own, `apart` from the others; the class moves its numbers a little from there. */
function clipsOf(speakers: number, each: number, seed: number, apart = 5): Embedded[] {
  const random = new Random(seed, "clips");
  return Array.from({ length: speakers }, (_, s) => {
    const place = Array.from({ length: WIDTH }, () => apart * random.normal());
    const scale = apart ? 0.5 + 2 * random.next() : 1;
    return Array.from({ length: each }, (_, i): Embedded => {
      const target = i % CLASSES;
      const embedding = Float32Array.from(
        place,
        (value, d) => value + scale * (0.3 * random.normal() + (Math.floor(d / EACH) === target ? 1 : 0)),
      );
      return { embedding, speaker: `s${seed}-${s}`, corpus: "c", target };
    });
  }).flat();
}

const isNeutral = ({ target }: Embedded) => target === NEUTRAL;

function likeliest(head: Head, embedding: Float32Array): number {
  const logits = logitsOf(head, embedding);
  return logits.indexOf(Math.max(...logits));
}

/** The share of the clips whose likeliest class is their own. */
function right(head: Head, clips: readonly Embedded[]): number {
  return clips.filter(({ embedding, target }) => likeliest(head, embedding) === target).length / clips.length;
}

describe("the plain head", () => {
  const [train, strangers] = [clipsOf(6, 12, 1, 0), clipsOf(4, 12, 2, 0)];
  let head: Head;
  beforeAll(async () => {
    head = await fitPlainHead(train, CLASSES);
  });

  test("learns classes that lie apart", () => {
    expect(right(head, train)).toBe(1);
    expect(right(head, strangers)).toBe(1);
  });

  test("whatever the embeddings are measured in: moved and stretched, they are answered alike", async () => {
    const moved = (clips: readonly Embedded[]) =>
      clips.map((clip) => ({
        ...clip,
        embedding: clip.embedding.map((value, d) => 50 * Math.sin(d) + (1 + d) * value),
      }));
    const other = await fitPlainHead(moved(train), CLASSES);
    const [here, there] = [strangers, moved(strangers)];
    here.forEach(({ embedding }, i) => {
      expectClose(logitsOf(other, there[i]!.embedding), logitsOf(head, embedding), { atol: 0.02 });
    });
  });
});

test("that a corpus lacks an emotion teaches little: a clip that sounds of that corpus may have it", async () => {
  // Two corpora that sound different; the second has no clip of class 2, and a stranger that sounds like it has.
  const [whole, poor] = [clipsOf(6, 12, 1, 0), clipsOf(6, 12, 2, 0).filter(({ target }) => target !== 2)];
  const beside = (clips: readonly Embedded[], corpus: string, by: number) =>
    clips.map((clip) => ({ ...clip, corpus, embedding: Float32Array.of(...clip.embedding, by) }));
  const head = await fitPlainHead([...beside(whole, "a", 0), ...beside(poor, "b", 1)], CLASSES);
  // Nothing that only says which corpus it is.
  const [low, high, lacking] = head.weight.subarray(WIDTH * CLASSES) as unknown as [number, number, number];
  expect(Math.abs(lacking - (low + high) / 2)).toBeLessThan(0.05);
  const strangers = beside(clipsOf(4, 12, 3, 0), "c", 1);
  expect(right(head, strangers)).toBe(1);
});

describe("the voice head", () => {
  const [train, strangers] = [clipsOf(8, 30, 1), clipsOf(6, 30, 2)];
  let head: Head;
  beforeAll(async () => {
    head = (await fitVoiceHead(train, CLASSES, NEUTRAL))!;
  });

  test("understands strangers relative to themselves, whom the plain head does not", async () => {
    expect(right(head, relativeTo(seenBySpeaker(strangers, usualOfAll(train))))).toBeGreaterThan(0.95);
    expect(right(await fitPlainHead(train, CLASSES), strangers)).toBeLessThan(0.8);
  });

  test("also where only their neutral clips are known, since it has learnt from such", async () => {
    const known = relativeTo(seenBySpeaker(strangers, usualOfAll(train), isNeutral));
    expect(known).toHaveLength(strangers.length);
    expect(right(head, known)).toBeGreaterThan(0.9);
    const without = await fitVoiceHead(train, CLASSES, -1);
    expect(right(without!, known)).toBeLessThan(right(head, known));
  });

  test("is none where nobody has enough clips", async () => {
    expect(await fitVoiceHead(clipsOf(3, 3, 1), CLASSES, NEUTRAL)).toBe(null);
    // Four clips are enough, though none of them be neutral.
    const four = clipsOf(1, 12, 1)
      .filter((clip) => !isNeutral(clip))
      .slice(0, 4);
    expect(await fitVoiceHead(four, CLASSES, NEUTRAL)).not.toBe(null);
  });
});

describe("relative to a speaker", () => {
  test("mean 0 and about spread 1; whoever has fewer than four clips is left out", () => {
    const clips = [...clipsOf(2, 9, 3), ...clipsOf(1, 4, 4), ...clipsOf(1, 3, 5)];
    const everybody = { mean: new Float32Array(WIDTH), spread: new Float32Array(WIDTH).fill(2) };
    const relative = relativeTo(seenBySpeaker(clips, everybody));
    expect(relative).toHaveLength(22);
    for (const speaker of ["s3-0", "s3-1", "s4-0"]) {
      const own = relative.filter((clip) => clip.speaker === speaker);
      const { mean, spread } = statisticsOf(own.map(({ embedding }) => embedding));
      expectClose(mean, Array(WIDTH).fill(0), { atol: 1e-5 });
      const before = clips.filter((clip) => clip.speaker === speaker).map(({ embedding }) => embedding);
      const alone = statisticsOf(before).spread;
      // Each spread counts as often as there are clips, the usual one eight times.
      const n = before.length;
      const taken = alone.map((s) => Math.sqrt((n * s ** 2 + 8 * 2 ** 2) / (n + 8)));
      expectClose(
        spread,
        alone.map((s, d) => s / taken[d]!),
        { rtol: 0.02 },
      );
    }
  });

  test("usual may be what some of the clips say: those count for all, and have to be four", () => {
    const [enough, few] = [clipsOf(1, 12, 3), clipsOf(1, 9, 4)];
    const relative = relativeTo(seenBySpeaker([...enough, ...few], usualOfAll(enough), isNeutral));
    expect(relative.map(({ speaker }) => speaker)).toEqual(Array(12).fill("s3-0"));
    const { mean } = statisticsOf(relative.filter(isNeutral).map(({ embedding }) => embedding));
    expectClose(mean, Array(WIDTH).fill(0), { atol: 1e-5 });
  });
});

test("statistics are the mean and the standard deviation of each number", () => {
  const { mean, spread } = statisticsOf([
    Float32Array.of(1, 5),
    Float32Array.of(2, 5),
    Float32Array.of(6, 5),
  ]);
  expectClose(mean, [3, 5], { rtol: 1e-6 });
  expectClose(spread, [Math.sqrt(14 / 3), 0], { rtol: 1e-6 });
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
  const thrice = balance(clips.map((one) => (one.corpus === "b" ? { ...one, counts: 3 } : one)));
  expect(thrice[3]! / thrice[4]!).toBeCloseTo(2 / 3, 5);
  expect(thrice[3]! / thrice[0]!).toBeCloseTo(3, 5);
  expect(thrice.reduce((sum, weight) => sum + weight, 0) / 5).toBeCloseTo(1, 5);
});
