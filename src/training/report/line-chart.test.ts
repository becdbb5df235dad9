import { expect, test } from "vitest";
import { type LineChart, lineChart } from "./line-chart.ts";

function draw(values: number[], changes: Partial<LineChart> = {}) {
  const { source } = lineChart({
    id: "x",
    title: "X",
    epochs: values.map((_, i) => i + 1),
    lines: [{ name: "x", look: "solid", values }],
    best: null,
    format: String,
    ...changes,
  });
  return {
    source,
    line: /class="line solid" d="([^"]*)"\/>\n/.exec(source)![1]!,
    ticks: [...source.matchAll(/class="y" style="top:([\d.]+)%">([^<]+)</g)].map(([, top, label]) => [
      Number(top),
      Number(label),
    ]),
    epochs: [...source.matchAll(/class="x" style="left:[\d.]+%">(\d+)</g)].map(([, label]) => Number(label)),
  };
}

test("points stand in the middle of their epoch's column, at their height on the scale", () => {
  // Scale 0..4: 4 is the top (0), 1 is three quarters down.
  expect(draw([4, 1, 2, 0]).line).toBe("M12.5 0h0L37.5 75L62.5 50L87.5 100");
});

test("the scale has round steps that hold every value", () => {
  expect(draw([0.13, 1.87]).ticks.map(([, label]) => label)).toEqual([0, 0.5, 1, 1.5, 2]);
  expect(draw([0.2, 0.7]).ticks.map(([, label]) => label)).toEqual([0.2, 0.4, 0.6, 0.8]);
  expect(draw([3, 3]).ticks.length).toBeGreaterThan(1);
});

test("a lower end is kept, and an upper one is not passed", () => {
  expect(draw([5, 8], { from: 0 }).ticks[0]).toEqual([100, 0]);
  expect(draw([0.93, 0.999], { to: 1 }).ticks.at(-1)).toEqual([0, 1]);
  expect(draw([1, 1], { to: 1 }).line).toBe("M25 0h0L75 0");
});

test("a value that is none leaves a gap, and a lone point is still drawn", () => {
  expect(draw([0, NaN, 4, 2, Infinity, 4]).line.match(/M[^M]*/g)).toEqual([
    "M8.33 100h0",
    "M41.67 0h0L58.33 50",
    "M91.67 0h0",
  ]);
});

test("epochs are named in round steps, also where a resumed run does not begin at 1", () => {
  expect(draw(Array(50).fill(1)).epochs).toEqual([10, 20, 30, 40, 50]);
  expect(draw([1, 2, 3]).epochs).toEqual([1, 2, 3]);
  expect(draw([1], { epochs: [7] }).epochs).toEqual([7]);
});

test("the caption gives the values of the best epoch", () => {
  const { source } = draw([5, 3, 4], { best: 1 });
  expect(source).toMatch(/Best epoch, 2:<\/span>[^$]*? x <b>3<\/b>/);
  expect(source).toContain('<path class="best" d="M50 0V100"/>');
});
