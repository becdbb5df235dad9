// Tests of augmentation: what is taken away, what is moved, and that nothing else changes.
import { expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import type { FrontEnd } from "../models/index.ts";
import { augment } from "./augment.ts";
import type { Example, Played } from "./batches.ts";
import { Memory } from "./memory.ts";
import { Random } from "./random.ts";

const WIDTH = 8;
const FRONT_END: FrontEnd = {
  kind: "log-mel",
  options: {
    ...{
      sampleRate: 16_000,
      nFft: 512,
      windowSamples: 400,
      hopSamples: 160,
      nMels: WIDTH,
      fMin: 0,
      fMax: 8_000,
    },
    ...{ mel: "slaney", norm: "slaney", padding: "reflect", log: "db", floor: 1e-10 },
  },
};

function heard(frames: number, value: (t: number, f: number) => number): Played {
  const features = Float32Array.from({ length: frames * WIDTH }, (_, i) =>
    value(Math.floor(i / WIDTH), i % WIDTH),
  );
  return { features, frames };
}
function exampleOf(...variants: Played[]): Example {
  return { ...variants[0]!, variants, target: 3, weight: 1, corpus: "a" };
}
const random = (seed = 1) => new Random(seed, "augment");
/** All different, so that what was changed can be told. */
const plain = exampleOf(heard(20, (t, f) => 100 * t + f * f));

test("without any, a clip is what it was, in memory of its own", () => {
  const [same] = augment([plain], { speeds: [1] }, FRONT_END, random());
  expect(same).toEqual(plain);
  same!.features.fill(0);
  expect(plain.features[1]).toBe(1);
});

test("every speed is drawn about as often, each with its own length; label and weight stay", () => {
  const variants = [20, 18, 22].map((frames) => heard(frames, () => frames));
  const example = { ...exampleOf(...variants), weight: 0.5 };
  const drawn = augment(Array(3000).fill(example), { speeds: [1, 1.1, 0.9] }, FRONT_END, random());
  for (const { frames, features, target, weight } of drawn) {
    expect([features.length, features[0], target, weight]).toEqual([frames * WIDTH, frames, 3, 0.5]);
  }
  for (const { frames } of variants) {
    const share = drawn.filter((one) => one.frames === frames).length / 3000;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.37);
  }
});

test("a mask puts each band's mean over whole frames, or over whole bands, no wider than asked", () => {
  const means = Array.from({ length: WIDTH }, (_, f) => 950 + f * f);
  const widths = { time: new Set<number>(), band: new Set<number>() };
  for (let seed = 0; seed < 200; seed++) {
    const [timed] = augment(
      [plain],
      { speeds: [1], timeMasks: { count: 1, share: 0.25 } },
      FRONT_END,
      random(seed),
    );
    const [banded] = augment(
      [plain],
      { speeds: [1], bandMasks: { count: 1, bands: 3 } },
      FRONT_END,
      random(seed),
    );
    const changed = (one: Example) =>
      [...one.features.keys()].filter((i) => one.features[i] !== plain.features[i]);
    for (const one of [timed!, banded!]) {
      for (const i of changed(one)) expect(one.features[i]).toBeCloseTo(means[i % WIDTH]!, 3);
    }
    const frames = [...new Set(changed(timed!).map((i) => Math.floor(i / WIDTH)))];
    const bands = [...new Set(changed(banded!).map((i) => i % WIDTH))];
    expect(changed(timed!).length).toBe(frames.length * WIDTH);
    for (const places of [frames, bands]) {
      if (places.length) expect(Math.max(...places) - Math.min(...places)).toBe(places.length - 1);
    }
    widths.time.add(frames.length);
    widths.band.add(bands.length);
  }
  expect([...widths.time].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...widths.band].sort()).toEqual([0, 1, 2, 3]);
});

test("what a mask takes away is still there in the clip itself", () => {
  const before = plain.features.slice();
  const masks = { timeMasks: { count: 1, share: 0.5 }, bandMasks: { count: 1, bands: 3 } };
  const [masked] = augment([plain], { speeds: [1], ...masks }, FRONT_END, random(1));
  expect(masked!.features).not.toEqual(before);
  expect(plain.features).toEqual(before);
});

test("a vocal tract of another length moves every band by the same factor, within the bounds", () => {
  // What stands in a band is where it is: after the move it tells where it came from.
  const ramp = exampleOf(heard(5, (_, f) => f));
  const factors: number[] = [];
  for (let seed = 0; seed < 300; seed++) {
    const [{ features }] = augment([ramp], { speeds: [1], vocalTract: 0.2 }, FRONT_END, random(seed)) as [
      Example,
    ];
    const factor = features[1]!;
    factors.push(factor);
    const moved = Array.from({ length: WIDTH }, (_, f) => Math.min(f * factor, WIDTH - 1));
    for (let t = 0; t < 5; t++) {
      expectClose(features.subarray(t * WIDTH, (t + 1) * WIDTH), moved, { atol: 1e-5 });
    }
  }
  expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.8);
  expect(Math.max(...factors)).toBeLessThanOrEqual(1.2);
  expect(Math.max(...factors) - Math.min(...factors)).toBeGreaterThan(0.35);
});

test("the same random numbers change a clip in the same way", () => {
  const all = { speeds: [1], vocalTract: 0.1, timeMasks: { count: 2, share: 0.2 } };
  expect(augment([plain], all, FRONT_END, random(5))).toEqual(augment([plain], all, FRONT_END, random(5)));
  expect(augment([plain], all, FRONT_END, random(6))).not.toEqual(
    augment([plain], all, FRONT_END, random(5)),
  );
});

test("a clip from another room is another clip; features that have no bands say so", () => {
  const acoustics = { noise: { often: 1, snr: [10, 10] as const } };
  const [noisy] = augment([plain], { speeds: [1], acoustics }, FRONT_END, random());
  expect(noisy!.features).not.toEqual(plain.features);
  expect(plain.features[1]).toBe(1);
  const cepstra: FrontEnd = { kind: "mfcc", deltas: 0, options: { ...FRONT_END.options, nMfcc: WIDTH } };
  expect(() => augment([plain], { speeds: [1], acoustics }, cepstra, random())).toThrow(
    /act on mel bands in dB/,
  );
});

test("a stretch of a clip, where it is loudest of a few places, as long as it may be", () => {
  const rising = exampleOf(heard(400, (t) => t));
  for (let seed = 0; seed < 5; seed++) {
    const [part] = augment([rising], { speeds: [1], crop: 1 }, FRONT_END, random(seed));
    expect(part!.frames).toBe(100);
    const start = part!.features[0]!;
    expect(Array.from({ length: 100 }, (_, t) => part!.features[t * WIDTH])).toEqual(
      Array.from({ length: 100 }, (_, t) => start + t),
    );
  }
  const [short] = augment([plain], { speeds: [1], crop: 1 }, FRONT_END, random());
  expect(short).toEqual(plain);
});

test("where a teacher speaks of some stretches, one of those, and which is told", () => {
  const starts = [0, 64, 128, 300];
  const rising = { ...exampleOf(heard(400, (t) => t)), said: { starts, of: () => new Float16Array(0) } };
  const drawn = Array.from({ length: 40 }, (_, seed) => {
    const [part] = augment([rising], { speeds: [1], crop: 1 }, FRONT_END, random(seed));
    expect(part!.features[0]).toBe(starts[part!.stretch!]);
    expect(part!.frames).toBe(100);
    return part!.stretch!;
  });
  // The loudest of three at random: the first hardly ever, the last most.
  expect(new Set(drawn).size).toBeGreaterThanOrEqual(3);
  expect(drawn.filter((one) => one === 3).length).toBeGreaterThan(15);
  const short = { ...plain, said: { starts: [0], of: () => new Float16Array(0) } };
  expect(augment([short], { speeds: [1], crop: 1 }, FRONT_END, random())[0]!.stretch).toBe(0);
});

test("in another haste a clip is shorter or longer", () => {
  const frames = 200;
  const even = heard(frames, (t) => t);
  const lengths = Array.from({ length: 30 }, (_, seed) => {
    const example = exampleOf(even);
    const [played] = augment([example], { speeds: [1], tempo: 0.2 }, FRONT_END, random(seed));
    const { features, frames: length } = played!;
    const haste = features[10 * WIDTH]! / 10;
    expect(length).toBe(Math.floor(frames / haste));
    expect(features.length).toBe(length * WIDTH);
    return length;
  });
  expect(Math.min(...lengths)).toBeLessThan(180);
  expect(Math.max(...lengths)).toBeGreaterThan(220);
});

test("memory that is used again gives what fresh memory gives", () => {
  const all = { speeds: [1], crop: 0.15, tempo: 0.1, vocalTract: 0.1, bandMasks: { count: 1, bands: 3 } };
  const memory = new Memory();
  for (let seed = 0; seed < 4; seed++) {
    memory.reset();
    const batch = [plain, plain, plain];
    expect(augment(batch, all, FRONT_END, random(seed), memory)).toEqual(
      augment(batch, all, FRONT_END, random(seed)),
    );
  }
});
