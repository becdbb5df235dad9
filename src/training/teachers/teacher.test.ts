// The teacher against PyTorch, and what is made of its frames. Runs on the published weights where they are.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type GoldenTensor, readGolden } from "../../../test/support/golden.ts";
import { apartFrom, loadTeacher, STEPS, scaled, scalingOf, ZERO } from "./index.ts";
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
  test("its frames are PyTorch's, two in one", async () => {
    const { block3 } = readGolden<{ block3: GoldenTensor }>("whisper");
    const [frames, columns] = block3.shape as [number, number];
    const audio = signal();
    expect(teacherFrames(audio.length)).toBe(frames);
    const teacher = await loadTeacher(WEIGHTS);
    const said = await teacher.hear(audio);
    await teacher.close();
    const pairs = Math.ceil(frames / 2);
    expect(said.length).toBe(pairs * TEACHER_WIDTH);
    const expected = Array.from({ length: pairs * columns }, (_, i) => {
      const [pair, column] = [Math.floor(i / columns), i % columns];
      const second = Math.min(2 * pair + 1, frames - 1);
      return (block3.data[2 * pair * columns + column]! + block3.data[second * columns + column]!) / 2;
    });
    const got = expected.map((_, i) => said[Math.floor(i / columns) * TEACHER_WIDTH + 32 * (i % columns)]!);
    // Kept as float16, which has eleven bits.
    const largest = Math.max(...expected.map(Math.abs));
    for (const [i, value] of expected.entries()) {
      expect(Math.abs(got[i]! - value)).toBeLessThan(largest * 2 ** -11 + 1e-4);
    }
  });

  test("a file without its tensors is named", () => {
    expect(() => new Tensors(WEIGHTS).get("conv9_weight")).toThrow(/"conv9_weight".*is missing/);
  });
});

test("a file that is none is named", async () => {
  await expect(loadTeacher(fileURLToPath(import.meta.url))).rejects.toThrow(/is not a safetensors file/);
});

const clip = (values: number[]) =>
  Float16Array.from(
    { length: values.length * TEACHER_WIDTH },
    (_, i) => values[Math.floor(i / TEACHER_WIDTH)]!,
  );

test("what is usual at each place of a clip, and the spread around that", () => {
  const { mean, spread } = scalingOf([clip([1, 2]), clip([6])]);
  expect([mean[7], mean[TEACHER_WIDTH + 7]]).toEqual([3.5, 2]);
  // 1 and 6 lie 2.5 from theirs, 2 lies on its own.
  expect(spread[7]).toBeCloseTo(Math.sqrt(12.5 / 3), 5);
});

test("kept as bytes: the mean at 128, a spread 32 steps, no further than a byte goes; the last place stands for all after it", () => {
  const long = Array.from({ length: 100 }, (_, t) => (t < 63 ? t : 63 + (t % 2)));
  const scaling = scalingOf([clip(long), clip(long.map((value) => value + 2))]);
  const bytes = scaled(clip(long), scaling);
  const at = (t: number) => bytes[t * TEACHER_WIDTH + 7]!;
  const steps = (STEPS / scaling.spread[7]!) * 1;
  expect(at(0)).toBe(Math.round(ZERO - steps));
  expect(at(62)).toBe(at(0));
  expect(at(98) < at(99)).toBe(true);
  expect(scaled(clip([9999]), scaling)[7]).toBe(255);
});

test("how far a speaker lies from what is usual is taken away, and what moves within a speaker stays", () => {
  const [low, high] = [clip([1, 2, 1, 2]), clip([11, 12, 11, 12])];
  const scaling = scalingOf([low, high]);
  const [own, other] = [low, high].map((one) => scaled(one, scaling, apartFrom([one], scaling)));
  expect(own).toEqual(other);
  expect(apartFrom([high], scaling)[7]).toBeCloseTo(5, 5);
});
