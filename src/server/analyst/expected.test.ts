// Tests of how much is done where nobody says how much there is.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { expectedSeconds, shareOf } from "./expected.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
afterAll(() => rmSync(dir, { recursive: true }));

test.each([["test/audio/pcm-s16.wav"], ["test/audio/float64.wav"], ["test/audio/mulaw.wav"]])(
  "%s lasts as long as it does",
  async (path) => {
    const { decodeFile } = await import("../../audio/index.node.ts");
    expect(expectedSeconds(path)).toBeCloseTo((await decodeFile(path)).length / 16_000, 1);
  },
);

test("all else is guessed by its size, an empty file is no time at all", () => {
  const [other, empty] = [join(dir, "other"), join(dir, "empty")];
  writeFileSync(other, Buffer.alloc(80_000));
  writeFileSync(empty, "");
  expect(expectedSeconds(other)).toBe(10);
  expect(expectedSeconds(empty)).toBe(0);
});

test("the share grows with what was heard, is right where the guess is, and never says that all is done", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.double({ min: 1e-6, max: 5, noNaN: true }),
      (heard, more) => {
        expect(shareOf(heard, 1)).toBeLessThanOrEqual(shareOf(heard + more, 1));
        expect(shareOf(heard, 1)).toBeLessThanOrEqual(1);
      },
    ),
  );
  expect(shareOf(30, 60)).toBe(0.5);
  expect(shareOf(0.8, 1)).toBeCloseTo(shareOf(0.8 - 1e-9, 1), 6);
  expect(shareOf(60, 60)).toBeLessThan(0.95);
});
