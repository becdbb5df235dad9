// Tests of what tuning teaches: whose usual voice a clip is compared with, and that all of it learns. Clips are made up.
import { beforeEach, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { initialBuffers, initialParameters } from "../../nn/index.ts";
import { steadied } from "../../speech/index.ts";
import type { Example } from "../batches.ts";
import { trainingLoop } from "../loop.ts";
import { Memory } from "../memory.ts";
import { Random } from "../random.ts";
import type { Recipe, Tuning } from "../recipe.ts";
import { universalRecipe } from "../recipes/universal.ts";
import { type Scaling, TAUGHT_WIDTH, TEACHER_STRIDE } from "../teachers/index.ts";
import { statisticsOf } from "./speakers.ts";
import { type TuneClip, Tuner, tuningLesson, untuned } from "./tuning-lesson.ts";

const FRAMES = 64;
const WIDTH = universalRecipe.architecture.voice!.embedding;
const tuning: Tuning = {
  ...{ epochs: 2, batchSize: 8, labelSmoothing: 0.1, teacher: 1, augmentation: { speeds: [1] } },
  schedule: { peak: 1e-3, warmupSteps: 1, shape: "constant" },
};
const recipe: Recipe = {
  ...universalRecipe,
  ...{ epochClips: undefined, ...tuning, teacher: true },
  emotions: ["neutral", "sad"],
};
const network = recipe.architecture.network(2);
const random = new Random(1, "tuning test");
const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());

const scaling: Scaling = {
  mean: new Float32Array(TAUGHT_WIDTH).fill(-60),
  spread: new Float32Array(TAUGHT_WIDTH).fill(10),
};

/** What a teacher would say who says how loud the first band is. */
function saidOf(features: Float32Array) {
  const said = Float16Array.from({ length: (FRAMES / TEACHER_STRIDE) * TAUGHT_WIDTH }, (_, i) => {
    const from = Math.floor(i / TAUGHT_WIDTH) * TEACHER_STRIDE;
    const loud = Array.from({ length: TEACHER_STRIDE }, (_, t) => features[(from + t) * 80]!);
    return loud.reduce((a, b) => a + b) / TEACHER_STRIDE;
  });
  return { starts: [0], of: () => said };
}

/** One speaker of ten clips, six of them neutral, and one of two. */
let clips: TuneClip[];
beforeEach(() => {
  clips = Array.from({ length: 12 }, (_, i): TuneClip => {
    const played = {
      features: numbers(FRAMES * 80).map((x) => 10 * x - 60 + (i % 2) * 10),
      frames: FRAMES,
    };
    const target = i < 6 || i === 10 ? 0 : 1;
    const said = saidOf(played.features);
    const example: Example = { ...played, variants: [played], said, target, weight: 1, corpus: "made" };
    const speaker = i < 10 ? "talks" : "hardly";
    return { example, embedded: { embedding: numbers(WIDTH), speaker, corpus: "made", target } };
  });
});

test("a clip is compared with its speaker's usual voice as it sounds by now: over all his clips, or his neutral ones", async () => {
  const lesson = tuningLesson(recipe, tuning, new Tuner(network, WIDTH, 2), clips, 1, scaling);
  const now = clips.map(() => numbers(WIDTH));
  await lesson.begin!(0, async () => now);
  const all = statisticsOf(now.slice(0, 10));
  const neutral = statisticsOf(now.slice(0, 6));
  const everybody = statisticsOf(clips.map(({ embedded }) => embedded.embedding));
  const given = (at: number) => {
    const { voice } = lesson.inputs([clips[at]!.example], 1, new Memory());
    return [...(voice!.data as Float32Array)];
  };
  const usual = statisticsOf(now);
  const flat = ({ mean, spread }: typeof all, heard: number) => [
    ...mean,
    ...spread.map((own, d) => steadied(own, heard, usual.spread[d]!)),
  ];
  const seen = new Set(Array.from({ length: 20 }, () => given(7).join()));
  expect(seen).toEqual(new Set([flat(all, 10).join(), flat(neutral, 6).join()]));
  // Of two clips nobody's usual voice is known.
  expectClose(given(11), [...everybody.mean, ...everybody.spread], { atol: 1e-6 });
});

test("network and both heads learn: the loss falls, and what begins are the encoder and fitted heads", async () => {
  const module = new Tuner(network, WIDTH, 2);
  const encoder = initialParameters(network, () => random.next());
  const parameters = await untuned(encoder, clips, recipe);
  expect(parameters.length).toBe(encoder.length + 2 * (2 * WIDTH + 2));
  expect(parameters.subarray(0, encoder.length)).toEqual(encoder);
  const losses: number[] = [];
  let learnt = parameters;
  const zeros = () => new Float32Array(parameters.length);
  await trainingLoop({
    ...{ recipe, network, train: clips.map(({ example }) => example), validation: [], epochs: 6 },
    ...{ workers: 1, seed: 1, lesson: tuningLesson(recipe, tuning, module, clips, 1, scaling) },
    state: {
      ...{ epoch: 0, step: 0, parameters, buffers: initialBuffers(network), average: parameters.slice() },
      ...{ first: zeros(), second: zeros() },
    },
    onEpoch: ({ trainLoss }, state) => {
      losses.push(trainLoss);
      learnt = state.parameters.slice();
    },
  });
  expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!);
  const moved = (from: number, to: number) =>
    parameters.subarray(from, to).some((before, i) => before !== learnt[from + i]);
  const heads = 2 * WIDTH + 2;
  expect([
    moved(0, encoder.length),
    moved(encoder.length, encoder.length + heads),
    moved(encoder.length + heads, parameters.length),
  ]).toEqual([true, true, true]);
});
