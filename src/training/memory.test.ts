// Memory that is used again: pieces apart from each other, given out anew after a reset, shared where it is to be.
import { expect, test } from "vitest";
import { Memory } from "./memory.ts";

test("pieces do not overlap, also where the block has to grow between them", () => {
  const memory = new Memory();
  const pieces = Array.from({ length: 20 }, (_, i) => memory.floats(100 * (i + 1)).fill(i));
  for (const [i, piece] of pieces.entries()) {
    expect(piece.length).toBe(100 * (i + 1));
    expect(new Set(piece)).toEqual(new Set([i]));
  }
});

test("after a reset the same place is given out again", () => {
  const memory = new Memory(true);
  memory.floats(1000);
  memory.reset();
  const first = memory.floats(50);
  memory.reset();
  const again = memory.floats(50);
  expect(again.buffer).toBe(first.buffer);
  expect(again.byteOffset).toBe(first.byteOffset);
  expect(again.buffer).toBeInstanceOf(SharedArrayBuffer);
});
