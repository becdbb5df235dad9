// Examples for the tiny recipe's network, made from random numbers: features with a label, no sound behind them.
import { featureWidth } from "../../src/models/index.ts";
import { type Example, Random } from "../../src/training/index.ts";
import { TINY_RECIPE } from "./tiny-recipe.ts";

const width = featureWidth(TINY_RECIPE.architecture.frontEnd);

/** 12 to 40 frames each; the share of them that is louder tells the class. The first counts twice. */
export function tinyExamples(count: number, seed = 1): Example[] {
  const random = new Random(seed, "examples");
  return Array.from({ length: count }, (_, i) => {
    const frames = 12 + random.int(29);
    const target = i % 4;
    const features = Float32Array.from(
      { length: frames * width },
      (_, j) => random.normal() + (Math.floor(j / width) < (target * frames) / 4 ? 2 : 0),
    );
    return {
      features,
      frames,
      variants: [{ features, frames }],
      target,
      weight: i === 0 ? 2 : 1,
      corpus: "tiny",
    };
  });
}
