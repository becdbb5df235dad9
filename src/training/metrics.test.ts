import { expect, test } from "vitest";
import { calibrationError, presentLabels, score } from "./metrics.ts";

const labels = ["angry", "fear", "happy"];

// By hand: answers are angry, happy, fear, fear, happy; right are clips 0, 2 and 4.
const five = {
  truth: [0, 0, 1, 2, 2],
  probabilities: [
    [0.8, 0.1, 0.1],
    [0.2, 0.3, 0.5],
    [0.1, 0.6, 0.3],
    [0.05, 0.9, 0.05],
    [0.0, 0.0, 1.0],
  ],
  labels,
};

test("WA, UAR, recall and confusion of five clips, by hand", () => {
  const s = score(five);
  expect(s.wa).toBeCloseTo(3 / 5, 12);
  expect(s.recall).toEqual({ angry: 1 / 2, fear: 1, happy: 1 / 2 });
  expect(s.uar).toBeCloseTo(2 / 3, 12);
  expect(s.confusion).toEqual([
    [1, 0, 1],
    [0, 1, 0],
    [0, 1, 1],
  ]);
});

test("ECE of five clips, by hand: each confidence lies in a bin of its own", () => {
  // |1-0.8| + |0-0.5| + |1-0.6| + |0-0.9| + |1-1| over 5
  expect(score(five).ece).toBeCloseTo((0.2 + 0.5 + 0.4 + 0.9 + 0) / 5, 12);
});

test("ECE weighs over- and under-confidence within one bin against each other", () => {
  const probabilities = Array.from({ length: 10 }, () => [0.8, 0.2]);
  const truth = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1];
  expect(score({ truth, probabilities, labels: ["a", "b"] }).ece).toBeCloseTo(0, 12);
});

test("ECE of several scores is that of all their answers", () => {
  const probabilities = [0.8, 0.8, 0.8, 0.8, 0.3].map((p) => [p, 1 - p]);
  const truth = [0, 1, 0, 1, 1];
  const labels = ["a", "b"];
  const whole = score({ truth, probabilities, labels });
  const parts = [
    [0, 2],
    [2, 5],
  ].map(([from, to]) =>
    score({ truth: truth.slice(from, to), probabilities: probabilities.slice(from, to), labels }),
  );
  expect(calibrationError(parts.map(({ reliability }) => reliability))).toBeCloseTo(whole.ece, 12);
  expect(whole.ece).toBeCloseTo((4 * 0.3 + 0.3) / 5, 12);
});

test("what a corpus lacks is not offered: its probability goes, the rest is made to sum to 1", () => {
  const input = {
    truth: [0, 2],
    probabilities: [
      [0.3, 0.6, 0.1],
      [0.1, 0.5, 0.4],
    ],
    labels,
  };
  const open = score(input);
  expect(open.wa).toBe(0);
  expect(open.recall).toEqual({ angry: 0, happy: 0 });
  const closed = score({ ...input, offered: presentLabels(input.truth) });
  expect(closed.labels).toEqual(["angry", "happy"]);
  expect(closed.wa).toBe(1);
  expect(closed.confusion).toEqual([
    [1, 0],
    [0, 1],
  ]);
  // Confidences 0.3 / 0.4 and 0.4 / 0.5.
  expect(closed.ece).toBeCloseTo((0.25 + 0.2) / 2, 12);
});

test("accuracy of the 70 % most confident answers; of equally confident ones the earlier count", () => {
  // By hand: 0.7 of five are four (3.5 rounded): all but clip 1, which is 0.5 sure; right are 0, 2 and 4.
  expect(score(five).confident).toBe(3 / 4);
  const of = (truth: number[], sure: number[]) =>
    score({ truth, probabilities: sure.map((p) => [p, 1 - p]), labels: ["a", "b"] }).confident;
  // Seven of ten; the wrong ones are the last three among equals, then the first three.
  const equal = Array(10).fill(0.8);
  expect(of([0, 0, 0, 0, 0, 0, 0, 1, 1, 1], equal)).toBe(1);
  expect(of([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], equal)).toBe(4 / 7);
  expect(of([1, 0, 0], [0.6, 0.9, 0.7])).toBe(1);
  expect(of([1], [0.6])).toBe(0);
});

test("accuracy counts over those that are answered", () => {
  const answered = [true, false, true, true, false];
  expect(score({ ...five, answered })).toMatchObject({ answered: 3 / 5, waAnswered: 2 / 3 });
  expect(score({ ...five, answered: answered.map(() => false) })).toMatchObject({
    ...{ answered: 0, waAnswered: null },
  });
  expect(score(five)).toMatchObject({ answered: 1, waAnswered: 3 / 5 });
});

test("the interval is the binomial one: 400 clips, 80 % right", () => {
  const truth = Array.from({ length: 400 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const s = score({ truth, probabilities: truth.map(() => [0.9, 0.1]), labels: ["a", "b"], seed: 1 });
  // 1.96 standard errors of sqrt(0.8 * 0.2 / 400) = 0.02
  expect(Math.abs(s.low - 0.7608)).toBeLessThan(0.006);
  expect(Math.abs(s.high - 0.8392)).toBeLessThan(0.006);
});

test("a seed repeats the interval; speakers whose scores differ widen it", () => {
  const truth = Array.from({ length: 400 }, (_, i) => (i < 100 ? 1 : 0));
  const input = { truth, probabilities: truth.map(() => [0.9, 0.1]), labels: ["a", "b"] };
  const speakers = truth.map((_, i) => `s${Math.floor(i / 50)}`);
  const s = score({ ...input, speakers, seed: 4 });
  expect(score({ ...input, speakers, seed: 4 })).toEqual(s);
  expect(s.bySpeaker!.speakers).toBe(8);
  // Two of eight speakers are all wrong: the standard error is sqrt(0.75 * 0.25 / 8) = 0.153, not 0.022.
  expect(s.high - s.low).toBeLessThan(0.1);
  expect(s.bySpeaker!.high - s.bySpeaker!.low).toBeGreaterThan(0.45);
  expect(score({ ...input, speakers: truth.map(() => "one") }).bySpeaker).toBeUndefined();
});

test("all right is not 'certainly all right': 560 of 560 leaves 0.66 %", () => {
  const truth = Array<number>(560).fill(0);
  const s = score({ truth, probabilities: truth.map(() => [1, 0]), labels: ["a", "b"] });
  expect(s.high).toBe(1);
  // Clopper and Pearson: 0.025^(1/560)
  expect(s.low).toBeCloseTo(0.993434, 5);
  const wrong = score({ truth, probabilities: truth.map(() => [0, 1]), labels: ["a", "b"] });
  expect([wrong.low, wrong.high]).toEqual([0, 1 - s.low]);
});

test.each([
  [{ truth: [], probabilities: [] }, /no clips/],
  [{ truth: [0, 1], probabilities: [[1, 0, 0]] }, /2 truths, 1 rows/],
  [{ truth: [3], probabilities: [[1, 0, 0]] }, /clip 0 is "3", expected one of the offered angry/],
  [{ truth: [1], probabilities: [[1, 0, 0]], offered: [0, 2] }, /clip 0 is "fear"/],
  [{ truth: [0], probabilities: [[Number.NaN, 0, 0]] }, /clip 0 has probabilities \[NaN,0,0\]/],
  [{ truth: [0], probabilities: [[1, 0]] }, /expected 3 numbers/],
  [{ truth: [0], probabilities: [[1, 0, 0]], speakers: [] }, /0 speakers/],
])("what cannot be scored is refused: %j", (input, message) => {
  expect(() => score({ labels, ...input })).toThrow(message);
});
