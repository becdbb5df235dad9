// The teacher against PyTorch, and what is made of its frames. Runs on the published weights where they are.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { type GoldenTensor, largest, readGolden } from "../../../test/support/golden.ts";
import { loadTeacher, STEPS, scaled, scalingOf, TAUGHT_WIDTH, type Teacher, ZERO } from "./index.ts";
import { Tensors } from "./safetensors.ts";
import { TEACHER_WIDTH, teacherFrames } from "./whisper.ts";

const WEIGHTS = fileURLToPath(
  new URL("../../../../shared/teacher/whisper-base-encoder-4.safetensors", import.meta.url),
);

function signal(): Float32Array {
  const { samples } = readGolden<{ samples: string }>("signal");
  const bytes = Uint8Array.from(Buffer.from(samples, "base64"));
  return new Float32Array(bytes.buffer);
}

const there = existsSync(WEIGHTS);
describe.skipIf(!there)(`the teacher${there ? "" : " (not run: ../shared/teacher is not here)"}`, () => {
  const audio = signal();
  let teacher: Teacher;
  let said: Float16Array;
  beforeAll(async () => {
    teacher = await loadTeacher(WEIGHTS);
    said = await teacher.hear(audio);
  });
  afterAll(() => teacher?.close());

  test.each([0, 1, 2])(
    "after block %i its frames are PyTorch's, two in one, the blocks side by side",
    (block) => {
      const golden = readGolden<Record<string, GoldenTensor>>("whisper")[`block${block}`]!;
      const [frames, columns] = golden.shape as [number, number];
      expect(teacherFrames(audio.length)).toBe(frames);
      const pairs = Math.ceil(frames / 2);
      expect(said.length).toBe(pairs * TAUGHT_WIDTH);
      const expected = Array.from({ length: pairs * columns }, (_, i) => {
        const [pair, column] = [Math.floor(i / columns), i % columns];
        const second = Math.min(2 * pair + 1, frames - 1);
        return (golden.data[2 * pair * columns + column]! + golden.data[second * columns + column]!) / 2;
      });
      const first = block * TEACHER_WIDTH;
      const got = expected.map(
        (_, i) => said[Math.floor(i / columns) * TAUGHT_WIDTH + first + 32 * (i % columns)]!,
      );
      // Kept as float16, which has eleven bits.
      expectClose(got, expected, { atol: largest(expected) * 2 ** -11 + 1e-4 });
    },
  );

  test("it hears a quiet recording as a loud one", async () => {
    const quiet = await teacher.hear(audio.map((value) => value / 20));
    expectClose(quiet, said, { atol: 0.01 * largest(said) });
  });

  test("a file without its tensors is named", () => {
    expect(() => new Tensors(WEIGHTS).get("conv9_weight")).toThrow(/"conv9_weight".*is missing/);
  });
});

test("a file that is none is named", async () => {
  await expect(loadTeacher(fileURLToPath(import.meta.url))).rejects.toThrow(/is not a safetensors file/);
});

test("the mean and the spread of each number, over all frames of all clips", () => {
  const { mean, spread } = scalingOf([Float16Array.of(1, 10, 3, 10), Float16Array.of(5, 40)], 2);
  expectClose(mean, [3, 20], { rtol: 1e-6 });
  expectClose(spread, [Math.sqrt(8 / 3), Math.sqrt(200)], { rtol: 1e-5 });
});

test("a number that never changes has a spread all the same: nothing is divided by 0", () => {
  const scaling = scalingOf([Float16Array.of(7, 7)], 1);
  expect(scaling.spread[0]).toBeGreaterThan(0);
  expect([...scaled(Float16Array.of(7), scaling)]).toEqual([ZERO]);
});

test("without a width: of all that a teacher gives of a frame", () => {
  const { mean, spread } = scalingOf([new Float16Array(2 * TAUGHT_WIDTH).fill(3)]);
  expect([mean.length, spread.length, mean.at(-1)]).toEqual([TAUGHT_WIDTH, TAUGHT_WIDTH, 3]);
});

test("kept as bytes: the mean at 128, a spread 32 steps, no further than a byte goes", () => {
  const scaling = { mean: Float32Array.of(1, -2), spread: Float32Array.of(2, 0.5) };
  const said = Float16Array.of(1, -2, 3, -1.5, -1, -3, 100, -100);
  expect([...scaled(said, scaling)]).toEqual([
    ...[ZERO, ZERO, ZERO + STEPS, ZERO + STEPS],
    ...[ZERO - STEPS, ZERO - 2 * STEPS, 255, 0],
  ]);
});
