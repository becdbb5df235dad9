// Tests of what a teacher says of clips: of which stretches, that it is what he says of those, and that it is kept.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { createGraph, toModel } from "../../graph/index.ts";
import { writeModel } from "../../onnx/index.ts";
import { nodeRuntime } from "../../runtime/index.node.ts";
import { type Example, padBatch } from "../batches.ts";
import type { Utterance } from "../dataset.ts";
import { Random } from "../random.ts";
import { universalRecipe } from "../recipes/universal.ts";
import { loadTeacher, TAUGHT_WIDTH, TEACHER_STRIDE } from "../teachers/index.ts";
import { type SaidOptions, startsOf, stretchFrames, withSaid } from "./said.ts";

const WEIGHTS = fileURLToPath(
  new URL("../../../../shared/teacher/whisper-base-encoder-4.safetensors", import.meta.url),
);
const BANDS = 80;
const FRAMES = stretchFrames(universalRecipe);

test("stretches cover a clip from its first frame to its last; a short clip is one", () => {
  for (const frames of [1, 100, 191, 192, 193, 250, 256, 257, 1000]) {
    const starts = startsOf(frames, 192);
    expect([starts[0], starts.at(-1)]).toEqual([0, Math.max(0, frames - 192)]);
    const steps = starts.slice(1).map((start, i) => start - starts[i]!);
    for (const step of steps) {
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThanOrEqual(64);
    }
  }
});

test("a recipe that changes voices is told that a teacher does not hear them so", () => {
  const { augmentation } = universalRecipe;
  for (const change of [{ speeds: [0.9, 1] }, { tempo: 0.1 }, { vocalTract: 0.1 }, { crop: undefined }]) {
    const recipe = { ...universalRecipe, augmentation: { ...augmentation, ...change } };
    expect(() => stretchFrames(recipe)).toThrow(/speaks of stretches of clips as they are/);
  }
});

const there = existsSync(WEIGHTS);
describe.skipIf(!there)(`what it says${there ? "" : " (not run: ../shared/teacher is not here)"}`, () => {
  const dir = mkdtempSync(join(tmpdir(), "undertone-said-"));
  const folder = join(dir, "said");
  const options: SaidOptions = { recipe: universalRecipe, teacher: WEIGHTS, folder, workers: 2 };
  const random = new Random(1, "said");
  const lengths = [80, FRAMES, 300, 90];
  const utterances = lengths.map((frames, i) => {
    const path = join(dir, `${i}.wav`);
    writeFileSync(path, `sound ${i}`);
    const features = Float32Array.from({ length: frames * BANDS }, () => 10 * random.normal() - 50);
    return { clip: { path }, variants: [{ features, frames }] } as unknown as Utterance;
  });
  const examples = utterances.map(
    ({ variants }): Example => ({ ...variants[0]!, variants, target: 0, weight: 1, corpus: "made" }),
  );
  const files = () =>
    readdirSync(folder).flatMap((kind) =>
      readdirSync(join(folder, kind)).map((name) => join(folder, kind, name)),
    );
  let heard: Example[];
  beforeAll(async () => {
    heard = await withSaid(examples, utterances, options);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test("of each stretch is what it says of that alone, to the precision of what is kept", async () => {
    for (const { said, features, frames } of heard) {
      for (const [i, start] of said!.starts.entries()) {
        const length = Math.min(FRAMES, frames - start);
        const own = {
          ...heard[0]!,
          features: features.subarray(start * BANDS, (start + length) * BANDS),
          frames: length,
        };
        const graph = createGraph();
        const shape = [1, FRAMES, BANDS];
        const [input, mask] = [graph.input("features", shape), graph.input("mask", [1, FRAMES, 1])];
        const program = await nodeRuntime.load(
          writeModel(toModel(graph, { said: loadTeacher(WEIGHTS).frames(input, mask) })),
        );
        const alone = (await program.run(padBatch([own], FRAMES, BANDS))).said!.data as Float32Array;
        await program.dispose();
        const kept = said!.of(i);
        expect(kept.length).toBe((FRAMES / TEACHER_STRIDE) * TAUGHT_WIDTH);
        expectClose([...kept], [...alone], { rtol: 1e-3, atol: 1e-2 });
      }
    }
  });

  test("is kept: the second time nothing is computed, but for what is gone or cut short", async () => {
    const before = files();
    expect(before).toHaveLength(lengths.length);
    const longAgo = new Date(2001, 1, 1);
    for (const path of before) utimesSync(path, longAgo, longAgo);
    const [gone, cut, ...rest] = before;
    const bytes = new Map(before.map((path) => [path, readFileSync(path)]));
    rmSync(gone!);
    writeFileSync(cut!, bytes.get(cut!)!.subarray(0, 100));
    const steps: number[] = [];
    await withSaid(examples, utterances, { ...options, onProgress: (done) => steps.push(done) });
    expect(steps).toEqual([1, 2, 3, 4]);
    for (const path of rest) expect(statSync(path).mtime).toEqual(longAgo);
    for (const path of [gone!, cut!]) {
      const [again, first] = [path, path].map(
        (_, k) => new Float16Array(Uint8Array.from(k ? bytes.get(path)! : readFileSync(path)).buffer),
      );
      expectClose([...again!], [...first!], { rtol: 1e-2, atol: 1e-2 });
    }
  });

  test("of another clip under the same name is computed anew", async () => {
    const count = files().length;
    writeFileSync(utterances[0]!.clip.path, "another sound");
    await withSaid(examples, utterances, options);
    expect(files()).toHaveLength(count + 1);
  });
});
