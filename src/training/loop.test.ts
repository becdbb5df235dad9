// Tests of the loop: what an epoch is, what it tells, and where a stop leaves it.
import { expect, test } from "vitest";
import { tinyExamples } from "../../test/support/tiny-examples.ts";
import { TINY_RECIPE } from "../../test/support/tiny-recipe.ts";
import { type EpochResult, type LoopOptions, type StepResult, trainingLoop } from "./loop.ts";

const [train, validation] = [tinyExamples(21, 1), tinyExamples(6, 2)];
const network = TINY_RECIPE.architecture.network(4);

/** The steps and epochs of a loop; `steps` and `epochs` fill as it runs. */
function looping(changes: Partial<LoopOptions> = {}) {
  const [steps, epochs]: [StepResult[], EpochResult[]] = [[], []];
  const options: LoopOptions = {
    ...{ recipe: TINY_RECIPE, network, train, validation, epochs: 3, workers: 2, seed: 1, state: null },
    onStep: (step) => steps.push(step),
    onEpoch: (epoch) => epochs.push(epoch),
    ...changes,
  };
  return { steps, epochs, ended: trainingLoop(options) };
}

test("an epoch is as many steps as there are batches, and tells of all its clips", async () => {
  const { steps, epochs, ended } = looping();
  await ended;
  expect(steps.map(({ epoch, done, total }) => [epoch, done, total])).toEqual(
    [1, 2, 3].flatMap((epoch) => [1, 2, 3].map((done) => [epoch, done, 3])),
  );
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const { trainAccuracy, validation: logits, seconds, clipsPerSecond, learningRate } of epochs) {
    expect(Number.isInteger(Math.round(trainAccuracy * 21 * 1e6) / 1e6)).toBe(true);
    expect(logits.map((row) => row.length)).toEqual(Array(6).fill(4));
    expect(clipsPerSecond * seconds).toBeCloseTo(21, 6);
    expect(learningRate).toBeGreaterThan(0);
  }
});

test("every epoch mixes its batches anew; without learning, nothing else differs", async () => {
  const still = { ...TINY_RECIPE, schedule: { peak: 0 } };
  const { steps, epochs, ended } = looping({ recipe: still, epochs: 2 });
  await ended;
  const losses = [1, 2].map((of) => steps.filter(({ epoch }) => epoch === of).map(({ loss }) => loss));
  expect(losses[0]).not.toEqual(losses[1]);
  expect(epochs[0]!.validation).toEqual(epochs[1]!.validation);
  expect(epochs[0]!.trainAccuracy).toBe(epochs[1]!.trainAccuracy);
});

test("a stop ends it before the next step, with the reason; whole epochs have been told", async () => {
  const stop = new AbortController();
  const { steps, epochs, ended } = looping({
    signal: stop.signal,
    onStep: (step) => {
      steps.push(step);
      if (step.epoch === 2 && step.done === 2) stop.abort(new Error("enough"));
    },
  });
  await expect(ended).rejects.toThrow("enough");
  expect(steps.length).toBe(5);
  expect(epochs.length).toBe(1);
});
