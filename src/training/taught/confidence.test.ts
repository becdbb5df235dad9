// Tests of how sure heads are: of strangers' voices, and of corpora that they have not learnt from. Embeddings are made up.
import { describe, expect, test, vi } from "vitest";
import { softmax } from "../calibration.ts";
import { Random } from "../random.ts";
import { confidenceAcross, temperatureOf, tempered } from "./confidence.ts";
import { logitsOf } from "./heads.ts";
import type { Head } from "./regression.ts";
import type { Embedded } from "./speakers.ts";

const CLASSES = 3;
/** Answers the class whose number is largest, and is very sure of it. */
const sure: Head = {
  weight: Float32Array.from({ length: CLASSES * CLASSES }, (_, i) => (i % (CLASSES + 1) === 0 ? 8 : 0)),
  bias: new Float32Array(CLASSES),
};

/** Clips of which `share` say the class they are meant as; the others say the next. */
function clipsOf(corpus: string, count: number, share: number, classes = CLASSES): Embedded[] {
  const random = new Random(1, corpus);
  return Array.from({ length: count }, (_, i): Embedded => {
    const target = i % classes;
    const said = (i % 12) / 12 < share ? target : (target + 1) % classes;
    const embedding = Float32Array.from(
      { length: CLASSES },
      (_, k) => (k === said ? 1 : 0) + 0.01 * random.normal(),
    );
    return { embedding, speaker: `${corpus} ${i % 5}`, corpus, target };
  });
}

function confidence(head: Head, clips: readonly Embedded[]): number {
  const tops = clips.map(({ embedding }) => Math.max(...softmax(logitsOf(head, embedding))));
  return tops.reduce((a, b) => a + b) / tops.length;
}

test("of a head that is too sure comes down to how often strangers are understood; its answers stay", () => {
  const strangers = clipsOf("a", 240, 2 / 3);
  expect(confidence(sure, strangers)).toBeGreaterThan(0.9);
  const fitted = tempered(sure, temperatureOf(sure, strangers));
  expect(confidence(fitted, strangers)).toBeCloseTo(2 / 3, 1);
  const answer = (head: Head, { embedding }: Embedded) => {
    const logits = logitsOf(head, embedding);
    return logits.indexOf(Math.max(...logits));
  };
  expect(strangers.map((clip) => answer(fitted, clip))).toEqual(strangers.map((clip) => answer(sure, clip)));
});

test("without strangers it stays as it was", () => {
  expect(temperatureOf(sure, [])).toBe(1);
});

describe("across corpora", () => {
  const corpora = ["a", "b", "c"];
  const clips = corpora.flatMap((corpus, i) => clipsOf(corpus, 120 * (i + 1), 2 / 3));

  test("each is answered by a head that has not learnt from it, and counts as much as a larger one", async () => {
    const fitHead = vi.fn(async (_: readonly Embedded[]) => sure);
    // Sorted as names are: what is looked at is no stretch of it.
    const large = clipsOf("c", 6000, 1).sort((a, b) => a.target - b.target);
    const uneven = [...clips.filter(({ corpus }) => corpus !== "c"), ...large];
    const { temperature, threshold } = (await confidenceAcross(uneven, corpora, fitHead))!;
    const learntFrom = fitHead.mock.calls.map(([some]) =>
      [...new Set(some.map(({ corpus }) => corpus))].join(),
    );
    expect(learntFrom).toEqual(["b,c", "a,c", "a,b"]);
    const looked = [
      ...uneven.filter(({ corpus }) => corpus !== "c"),
      ...new Random(2).shuffle(large).slice(0, 300),
    ];
    const share = (120 * (2 / 3) + 240 * (2 / 3) + 300) / (120 + 240 + 300);
    expect(confidence(tempered(sure, temperature), looked)).toBeCloseTo(share, 1);
    // Three in ten are less sure than that.
    const tops = looked.map(({ embedding }) => Math.max(...softmax(logitsOf(sure, embedding), temperature)));
    expect(tops.filter((top) => top < threshold).length / tops.length).toBeCloseTo(0.3, 2);
  });

  test("what a corpus has no clip of is not offered", async () => {
    // Of two classes: the third takes nothing, however likely it was.
    const two = corpora.flatMap((corpus) => clipsOf(corpus, 240, 2 / 3, 2));
    const wishful: Head = { ...sure, bias: Float32Array.of(0, 0, 100) };
    const [plain, odd] = [
      await confidenceAcross(two, corpora, async () => sure),
      await confidenceAcross(two, corpora, async () => wishful),
    ];
    expect(odd!.temperature).toBeCloseTo(plain!.temperature, 3);
  });

  test("of two corpora, or where the encoder knows them all but none is to be left out, there is none", async () => {
    const fitHead = vi.fn(async () => sure);
    expect(
      await confidenceAcross(
        clips.filter(({ corpus }) => corpus !== "c"),
        ["a"],
        fitHead,
      ),
    ).toBeNull();
    expect(await confidenceAcross(clips, [], fitHead)).toBeNull();
    expect(fitHead).not.toHaveBeenCalled();
    expect(await confidenceAcross(clips, corpora, async () => null)).toBeNull();
  });
});
