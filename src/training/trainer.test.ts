// Tests of single steps: the work of one worker and of several is the same, and a broken loss ends it.
import { afterEach, expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { tinyExamples as examples } from "../../test/support/tiny-examples.ts";
import { TINY_RECIPE } from "../../test/support/tiny-recipe.ts";
import { initialState, Trainer } from "./trainer.ts";

const network = TINY_RECIPE.architecture.network(4);

let open: Trainer[] = [];
afterEach(async () => {
  await Promise.all(open.map((trainer) => trainer.close()));
  open = [];
});
function trainer(workers: number, seed = 1): Trainer {
  const state = initialState(network, seed);
  const made = new Trainer({ recipe: TINY_RECIPE, network, workers, seed, totalSteps: 40, state });
  open.push(made);
  return made;
}

test.each([
  [2, 8],
  [2, 7],
  [3, 8],
  [2, 1],
])("%i workers take the same step as one does, on a batch of %i", async (workers, size) => {
  const [alone, team] = [trainer(1), trainer(workers)];
  const batch = examples(size);
  const [a, b] = [await alone.step(alone.prepare(batch)), await team.step(team.prepare(batch))];
  expectClose([b.loss, b.norm], [a.loss, a.norm], { rtol: 1e-5 });
  expect(b.right).toBe(a.right);
  // Adam's first moment after one step is the gradient, times 1 - beta.
  const largest = Math.max(...alone.state.first.map(Math.abs));
  expectClose(team.state.first, alone.state.first, { atol: 1e-5 * largest });
});

test("a worker without a part of a small batch adds nothing, not even what it found before", async () => {
  const [alone, team] = [trainer(1), trainer(2)];
  for (const batch of [examples(8), examples(1, 2)]) {
    await alone.step(alone.prepare(batch));
    await team.step(team.prepare(batch));
  }
  const largest = Math.max(...alone.state.first.map(Math.abs));
  expectClose(team.state.first, alone.state.first, { atol: 1e-4 * largest });
});

test("after many steps they have still learnt the same", async () => {
  const [alone, team] = [trainer(1), trainer(2)];
  const all = examples(32);
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) {
    const batch = all.slice((8 * step) % 32, ((8 * step) % 32) + 8);
    const a = await alone.step(alone.prepare(batch));
    expectClose([(await team.step(team.prepare(batch))).loss], [a.loss], { rtol: 1e-2, atol: 1e-3 });
    losses.push(a.loss);
  }
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  const [a, b] = [await alone.predict(all), await team.predict(all)];
  a.forEach((logits, i) => {
    expectClose(b[i]!, logits, { rtol: 2e-2, atol: 2e-2 });
  });
});

test("answers come in the order of the examples, whatever batches they were in, and change no weights", async () => {
  const one = trainer(2);
  const all = examples(150);
  const before = one.state.parameters.slice();
  const answers = await one.predict(all);
  expect(answers.length).toBe(150);
  for (const i of [0, 77, 149]) {
    const [alone] = await one.predict([all[i]!]);
    expectClose(answers[i]!, alone!, { atol: 1e-5 });
  }
  expect(one.state.parameters).toEqual(before);
});

test("a loss that is no number ends it, and says at which step", async () => {
  const one = trainer(2);
  await one.step(one.prepare(examples(8)));
  const broken = examples(8).map((example) => ({
    ...example,
    features: example.features.map(() => Number.NaN),
  }));
  await expect(one.step(one.prepare(broken))).rejects.toThrow(
    /the loss of step 2 is NaN; lower the learning rate/,
  );
});

test("a seed gives the first weights; another seed gives others", () => {
  const of = (seed: number) => initialState(network, seed).parameters;
  expect(of(1)).toEqual(of(1));
  expect(of(2)).not.toEqual(of(1));
});
