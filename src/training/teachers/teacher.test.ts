// The teacher against PyTorch, and what is made of its frames. Runs on the published weights where they are.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { type GoldenTensor, largest, readGolden } from "../../../test/support/golden.ts";
import { createGraph, toModel } from "../../graph/index.ts";
import { featureModel } from "../../models/index.ts";
import { writeModel } from "../../onnx/index.ts";
import { nodeRuntime } from "../../runtime/index.node.ts";
import { loadTeacher, requireHeard, scalingOf, TAUGHT_WIDTH, TEACHER_STRIDE, type Teacher } from "./index.ts";
import { Tensors } from "./safetensors.ts";
import { TEACHER_WIDTH, WHISPER_MEL, whisperFrames } from "./whisper.ts";

const WEIGHTS = fileURLToPath(
  new URL("../../../../shared/teacher/whisper-base-encoder-4.safetensors", import.meta.url),
);

function signal(): Float32Array {
  const { samples } = readGolden<{ samples: string }>("signal");
  const bytes = Uint8Array.from(Buffer.from(samples, "base64"));
  return new Float32Array(bytes.buffer);
}

/** What the teacher says of features, through a graph of their shape. */
async function said(teacher: Teacher, features: Float32Array, frames: number, heard = frames) {
  const graph = createGraph();
  const shape = [1, frames, WHISPER_MEL.nMels];
  const mask = Float32Array.from({ length: frames }, (_, t) => (t < heard ? 1 : 0));
  const values = teacher.frames(graph.input("features", shape), graph.input("mask", [1, frames, 1]));
  const program = await nodeRuntime.load(writeModel(toModel(graph, { said: values })));
  const given = { features: { shape, data: features }, mask: { shape: [1, frames, 1], data: mask } };
  const outputs = await program.run(given);
  await program.dispose();
  return outputs.said!.data as Float32Array;
}

async function melOf(audio: Float32Array): Promise<Float32Array> {
  const model = featureModel({ kind: "log-mel", options: WHISPER_MEL });
  const program = await nodeRuntime.load(writeModel(model));
  const { features } = await program.run({ audio: { shape: [1, audio.length], data: audio } });
  await program.dispose();
  return features!.data as Float32Array;
}

const there = existsSync(WEIGHTS);
describe.skipIf(!there)(`the teacher${there ? "" : " (not run: ../shared/teacher is not here)"}`, () => {
  const audio = signal();
  const frames = TEACHER_STRIDE * Math.floor(audio.length / WHISPER_MEL.hopSamples / TEACHER_STRIDE);
  let teacher: Teacher;
  let all: Float32Array;
  let mel: Float32Array;
  let whole: Float32Array;
  beforeAll(async () => {
    teacher = loadTeacher(WEIGHTS);
    all = await melOf(audio);
    mel = all.slice(0, frames * WHISPER_MEL.nMels);
    whole = await said(teacher, mel, frames);
  });

  test.each([0, 1, 2])("after block %i its frames are PyTorch's", async (block) => {
    const golden = readGolden<Record<string, GoldenTensor>>("whisper")[`block${block}`]!;
    const [count, columns] = golden.shape as [number, number];
    const graph = createGraph();
    // The published encoder leaves out the last frame of features.
    const shape = [1, 2 * count, WHISPER_MEL.nMels];
    const [features, mask] = [graph.input("features", shape), graph.input("mask", [1, 2 * count, 1])];
    const [values] = whisperFrames(new Tensors(WEIGHTS), [block], features, mask);
    const program = await nodeRuntime.load(writeModel(toModel(graph, { values: values! })));
    const outputs = await program.run({
      features: { shape, data: all.slice(0, 2 * count * WHISPER_MEL.nMels) },
      mask: { shape: [1, 2 * count, 1], data: new Float32Array(2 * count).fill(1) },
    });
    await program.dispose();
    const data = outputs.values!.data as Float32Array;
    const got = golden.data.map(
      (_, i) => data[Math.floor(i / columns) * TEACHER_WIDTH + 32 * (i % columns)]!,
    );
    expectClose(got, golden.data, { atol: 1e-4 * largest(golden.data) });
  });

  test("two of its frames become one, its blocks stand side by side", async () => {
    const graph = createGraph();
    const shape = [1, frames, WHISPER_MEL.nMels];
    const [features, mask] = [graph.input("features", shape), graph.input("mask", [1, frames, 1])];
    const values = whisperFrames(new Tensors(WEIGHTS), [0, 1, 2], features, mask);
    const model = toModel(graph, Object.fromEntries(values.map((value, i) => [`block${i}`, value])));
    const program = await nodeRuntime.load(writeModel(model));
    const ones = { shape: [1, frames, 1], data: new Float32Array(frames).fill(1) };
    const outputs = await program.run({ features: { shape, data: mel }, mask: ones });
    await program.dispose();
    const expected = Array.from({ length: whole.length }, (_, i) => {
      const [pair, column] = [Math.floor(i / TAUGHT_WIDTH), i % TAUGHT_WIDTH];
      const data = outputs[`block${Math.floor(column / TEACHER_WIDTH)}`]!.data as Float32Array;
      const at = 2 * pair * TEACHER_WIDTH + (column % TEACHER_WIDTH);
      return (data[at]! + data[at + TEACHER_WIDTH]!) / 2;
    });
    expectClose(whole, expected, { atol: 1e-4 * largest(expected) });
  });

  test("it hears a quiet recording as a loud one", async () => {
    const quiet = await said(
      teacher,
      mel.map((decibels) => decibels - 26),
      frames,
    );
    expectClose(quiet, whole, { atol: 0.01 * largest(whole) });
  });

  test("whatever stands behind a clip's end is silence to it", async () => {
    const half = TEACHER_STRIDE * Math.floor(frames / 2 / TEACHER_STRIDE);
    const other = mel.map((decibels, i) => (i < half * WHISPER_MEL.nMels ? decibels : -7));
    const [one, two] = [await said(teacher, mel, frames, half), await said(teacher, other, frames, half)];
    expectClose(one, two, { atol: 1e-4 * largest(one) });
  });

  test("a file without its tensors is named", () => {
    expect(() => new Tensors(WEIGHTS).get("conv9_weight")).toThrow(/"conv9_weight".*is missing/);
  });
});

test("a file that is none is named", () => {
  expect(() => loadTeacher(fileURLToPath(import.meta.url))).toThrow(/is not a safetensors file/);
});

test("features that it does not hear are named", () => {
  expect(() => requireHeard(WHISPER_MEL)).not.toThrow();
  expect(() => requireHeard({ ...WHISPER_MEL, nFft: 512 })).toThrow(/hears features with nFft 400/);
});

test("the mean and the spread of each number, over all frames", () => {
  const { mean, spread } = scalingOf([Float16Array.of(1, 7, 3, 7), [5, 7]], 2);
  expectClose(mean, [3, 7], { rtol: 1e-5 });
  expect(spread[0]).toBeCloseTo(Math.sqrt(8 / 3), 4);
  // Nothing is divided by 0.
  expect(spread[1]).toBeGreaterThan(0);
});
