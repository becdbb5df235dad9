// Holds the colours to what eyes need: contrast (WCAG 2.2, 1.4.3 and 1.4.11), and emotions apart for colour-blind ones.
import { describe, expect, test } from "vitest";
import { readSource } from "./support/sources.ts";

const tokens = readSource("web/src/styles/tokens.css").text;

type Rgb = readonly [number, number, number];
const THEMES = ["light", "dark"] as const;
const EMOTIONS = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];
const GROUNDS = ["ground", "surface", "sunken", "accent-wash"];

/** Linear light, 0..1. */
function colour(token: string, theme: (typeof THEMES)[number]): Rgb {
  const found = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens);
  if (!found) throw new Error(`--${token} is not in tokens.css as light-dark(#rrggbb, #rrggbb)`);
  const hex = found[theme === "light" ? 1 : 2]!;
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Machado, Oliveira, Fernandes 2009, severity 1: what is left of linear light for each kind of eye. */
const EYES: Record<string, readonly Rgb[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const apply = (matrix: readonly Rgb[], v: Rgb) =>
  matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Rgb;

/** https://bottosson.github.io/posts/oklab: a distance of 0.02 is just seen. */
function oklab(linear: Rgb): Rgb {
  const lms = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    linear.map((x) => Math.min(1, Math.max(0, x))) as unknown as Rgb,
  );
  return apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms.map(Math.cbrt) as unknown as Rgb,
  );
}

describe.each(THEMES)("%s", (theme) => {
  test.each(["ink", "ink-soft", "accent", "accent-strong", "danger", "warning"])(
    "%s is read as text on every ground",
    (token) => {
      for (const ground of GROUNDS) {
        expect(contrast(colour(token, theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  test.each([
    ["on-accent", "accent"],
    ["on-accent", "accent-strong"],
    ["ground", "ink"],
    ["danger", "danger-wash"],
    ["ink", "danger-wash"],
    ["ink-soft", "danger-wash"],
    ["warning", "warning-wash"],
  ])("%s is read on %s", (token, ground) => {
    expect(contrast(colour(token, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  test.each([...EMOTIONS, "uncertain", "line-strong"])("%s is seen on every ground", (token) => {
    for (const ground of GROUNDS) {
      expect(contrast(colour(token, theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(Object.keys(EYES))("a %s tells each emotion from each other", (eye) => {
    const seen = EMOTIONS.map((emotion) => oklab(apply(EYES[eye]!, colour(emotion, theme))));
    for (const [i, a] of seen.entries()) {
      for (const [j, b] of seen.slice(0, i).entries()) {
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(distance, `${EMOTIONS[i]} and ${EMOTIONS[j]}`).toBeGreaterThan(0.09);
      }
    }
  });
});
