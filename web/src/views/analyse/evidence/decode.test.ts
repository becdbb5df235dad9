// Tests that the evidence's bytes become the numbers they stand for.
import { expect, test } from "vitest";
import type { Evidence } from "../../../api/types.ts";
import { decode, loudestAt, mostAttended, type Seen } from "./decode.ts";

const base64 = (bytes: number[]) => btoa(String.fromCharCode(...bytes));

/** Three columns; the picture's column is lowest row first. */
const EVIDENCE: Evidence = {
  seconds: 3,
  columns: 3,
  peaks: base64([255, 1, 129, 127, 0, 0]),
  spectrogram: { rows: 2, low: -90, high: -10, hertz: [100, 200], data: base64([1, 2, 3, 4, 5, 6]) },
  mfcc: { rows: 1, low: [0], high: [1], data: base64([7, 8, 9]) },
  attention: base64([0, 255, 10]),
};

test("signed and unsigned, column by column", () => {
  const seen = decode(EVIDENCE);
  expect([...seen.peaks]).toEqual([-1, 1, -127, 127, 0, 0]);
  expect([...seen.attention]).toEqual([0, 255, 10]);
  const { data, rows, columns } = seen.spectrogram;
  expect([rows, columns, data[1 * rows + 0], data[1 * rows + 1]]).toEqual([2, 3, 3, 4]);
});

test("a lane of another length is named, with both lengths", () => {
  const short = { ...EVIDENCE, attention: base64([1, 2]) };
  expect(() => decode(short)).toThrow(/attention.*2 bytes, expected 3/);
});

test("the loudest moment is the middle of its column", () => {
  expect(loudestAt(decode(EVIDENCE))).toBe(1.5);
});

const attended = (attention: number[]) =>
  mostAttended({ attention: Uint8Array.from(attention), columns: attention.length, seconds: 10 } as Seen);

test("where it listened: the shortest stretch with half of the attention", () => {
  expect(attended([0, 0, 1, 8, 9, 1, 0, 0, 1, 0])).toEqual({ start: 3, end: 5 });
  expect(attended([1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toEqual({ start: 0, end: 5 });
  expect(attended([0, 0, 0, 0, 0, 0, 0, 0, 0, 9])).toEqual({ start: 9, end: 10 });
  expect(attended([])).toEqual({ start: 0, end: 0 });
});
