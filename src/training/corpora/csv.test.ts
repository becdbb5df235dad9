import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "./csv.ts";

const cells = (text: string) => parseCsv(text).map((row) => row.cells);

test("plain cells, empty cells, both line ends, no end at the end", () => {
  expect(cells("a,b,c\n1,,3\r\n,,x")).toEqual([
    ["a", "b", "c"],
    ["1", "", "3"],
    ["", "", "x"],
  ]);
  expect(cells("a,\nb,")).toEqual([
    ["a", ""],
    ["b", ""],
  ]);
});

test("RFC 4180: commas, line breaks and quotes inside quotes", () => {
  expect(cells('"a,b","c\r\nd","e""f"\n')).toEqual([["a,b", "c\r\nd", 'e"f']]);
});

test("a byte order mark and empty lines are passed over; lines are counted as an editor counts them", () => {
  expect(parseCsv('\ufeffa\n\n"b\nb"\r\nc')).toEqual([
    { line: 1, cells: ["a"] },
    { line: 3, cells: ["b\nb"] },
    { line: 5, cells: ["c"] },
  ]);
});

test("what is no CSV says on which line", () => {
  expect(() => parseCsv('a\n"b')).toThrow("line 2: a quote is not closed");
  expect(() => parseCsv('a\n"b"c')).toThrow("line 2");
});

test("any cells survive being quoted", () => {
  const row = fc.array(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ") }), {
    minLength: 2,
  });
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const text = rows.map((r) => r.map(quote).join(",")).join("\r\n");
      expect(cells(text)).toEqual(rows.filter((r) => r.some((cell) => cell !== "")));
    }),
  );
});

test("a long manifest is read to its end", () => {
  expect(parseCsv("clips/some name.wav,angry,anna\n".repeat(20_000))).toHaveLength(20_000);
});
