// Tests that what is measured is what the peers are given.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parameterPlaces, totalSize } from "../nn/index.ts";
import { MFCC } from "./mfcc-options.ts";
import { BENCH_RECIPE, STEP } from "./network.ts";

const peers = (file: string) => readFileSync(new URL(`../../bench/peers/${file}`, import.meta.url), "utf8");

test("the sizes are those of the peers' programs", () => {
  const sizes = Object.values(STEP).join(", ");
  expect(peers("step.py")).toContain(`BATCH, FRAMES, FEATURES, HIDDEN, DENSE, CLASSES = ${sizes}`);
  expect(peers("tfjs-step.mjs")).toContain(`[BATCH, FRAMES, FEATURES, HIDDEN, DENSE, CLASSES] = [${sizes}]`);
  expect(Object.keys(STEP)).toEqual(["batch", "frames", "features", "hidden", "dense", "classes"]);
});

test("the network has the weights of two LSTM and two dense layers, one bias each", () => {
  const network = BENCH_RECIPE.architecture.network(STEP.classes);
  const lstm = (inputs: number) => 4 * 128 * (inputs + 128 + 1);
  expect(totalSize(parameterPlaces(network))).toBe(lstm(40) + lstm(128) + 129 * 64 + 65 * 7);
});

test("the coefficients are those that librosa is asked for", () => {
  const program = peers("librosa-mfcc.py");
  const { nFft, nMels, nMfcc } = MFCC;
  const asked = `n_fft=${nFft}, win_length=args.window, hop_length=args.hop, window="hann"`;
  expect(program).toContain(asked);
  expect(program).toContain(`n_mels=${nMels}, fmin=0.0, fmax=RATE / 2, htk=False, norm="slaney"`);
  expect(program).toContain(`n_mfcc=${nMfcc}, dct_type=2, norm="ortho"`);
});
