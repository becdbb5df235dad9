// Log-mel in the graph against librosa's, and what a spectrogram must do at any length.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { evaluate, runModel } from "../../../test/support/evaluate.ts";
import { type GoldenTensor, readGolden } from "../../../test/support/golden.ts";
import { goldenSound } from "../../../test/support/sound.ts";
import { createGraph, ops, toModel } from "../../graph/index.ts";
import { type LogMelOptions, logMel, spectrum } from "./index.ts";

const { cases } = readGolden<{ cases: { params: LogMelOptions; logMel: GoldenTensor }[] }>("log-mel");
const sound = goldenSound();

describe("log-mel is librosa's", () => {
  test.each(cases)(
    "$params.mel $params.norm $params.windowSamples $params.padding $params.log",
    async (example) => {
      const { y } = await evaluate({ audio: sound }, (_, { audio }) => ({
        y: ops.transpose(logMel(audio!, example.params), [0, 2, 1]),
      }));
      // In decibel or nepers, not relative: what a network sees.
      expectClose(y, example.logMel.data, { atol: 1e-4 });
    },
  );
});

test("one model takes any number of clips of any length", async () => {
  const { params } = cases[0]!;
  const graph = createGraph();
  const model = toModel(graph, { y: logMel(graph.input("audio", ["batch", "samples"]), params) });
  for (const samples of [4000, 4159, 4160]) {
    const audio = { shape: [2, samples], data: Array.from(sound.data).slice(0, samples) };
    const { y } = await runModel(model, {
      audio: { shape: audio.shape, data: [...audio.data, ...audio.data] },
    });
    const frames = 1 + Math.floor(samples / params.hopSamples);
    expect(y!.shape).toEqual([2, params.nMels, frames]);
    const half = params.nMels * frames;
    expect(y!.data.slice(0, half)).toEqual(y!.data.slice(half));
  }
});

describe("a sine's power stands in its own bin", () => {
  // By two products, with N2 = 16, and in the direct form, since 129 and 512 have no common divisor.
  test.each([160, 129])("hop %i", async (hopSamples) => {
    const params = { ...cases[0]!.params, windowSamples: 512, hopSamples, padding: "constant" as const };
    const bin = 40;
    const data = Array.from({ length: 4096 }, (_, n) => Math.sin((2 * Math.PI * bin * n) / 512));
    let rows: readonly number[] = [];
    const { y } = await evaluate({ audio: { shape: [1, 4096], data } }, (_, { audio }) => {
      const { squares, bins } = spectrum(audio!, params);
      rows = bins;
      return { y: ops.slice(squares, 2, 12, 13) };
    });
    const powers = new Float64Array(257);
    rows.forEach((of, row) => {
      if (of >= 0) powers[of] += y[row]!;
    });
    // A unit sine through a Hann window: amplitude window sum / 2 = 128 in its bin, half of that beside it.
    expect(powers[bin]! / 128 ** 2).toBeCloseTo(1, 4);
    expect(powers[bin + 1]! / 64 ** 2).toBeCloseTo(1, 4);
    expect(Math.max(...powers.map((power, i) => (Math.abs(i - bin) > 1 ? power : 0)))).toBeLessThan(1e-4);
  });
});

test("silence gives the floor, not minus infinity", async () => {
  const { params } = cases[0]!;
  const { y } = await evaluate(
    { audio: { shape: [1, 4000], data: new Float32Array(4000) } },
    (_, { audio }) => ({
      y: logMel(audio!, params),
    }),
  );
  expectClose(y, new Float32Array(y.length).fill(-100), { atol: 1e-4 });
});
