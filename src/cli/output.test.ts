// Tests of what goes out: names and records stay on one line and come back whole.
import fc from "fast-check";
import { expect, test } from "vitest";
import { bar, clock, csvLine, filled, jsonLine, round, shown, textWidth } from "./output.ts";

/** Everything that some reader takes for the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
const LINE_ENDS = /[\n\r\u000b\u000c\u0085\u2028\u2029]/;
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."\n\r\t\",=+-@'\u0085\u2028\u202e\u001b\\é日🙂"),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
});

/** A record of RFC 4180 without line ends. */
function parseCsv(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  );
}

test("JSON stays on one line and reads back as it was", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const line = jsonLine({ text });
      expect(line).not.toMatch(LINE_ENDS);
      expect(JSON.parse(line)).toEqual({ text });
    }),
  );
});

test("CSV stays on one line, reads back field by field, and starts no formula", () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1 }), (fields) => {
      const line = csvLine([0.5, ...fields]);
      expect(line).not.toMatch(LINE_ENDS);
      const [number, ...read] = parseCsv(line);
      expect(number).toBe("0.5");
      expect(read.map((field) => field.replace(/^'(?='*[=+\-@])/, ""))).toEqual(fields.map(shown));
      for (const field of read) expect(field).not.toMatch(/^[=+\-@]/);
    }),
  );
  expect(csvLine(["a", -1, null, true, 'say "x", y'])).toBe('a,-1,,true,"say ""x"", y"');
});

test("a name is shown as it is, unless it would break the line or drive the terminal", () => {
  expect(shown("Gespräch 日本 'x'.wav")).toBe("Gespräch 日本 'x'.wav");
  expect(shown("a\nb\u001b[31m.wav")).toBe('"a\\nb\\u001b[31m.wav"');
  expect(shown("gpj.\u202ewav")).toBe('"gpj.\\u202ewav"');
});

test("numbers, bars and clocks, by hand", () => {
  expect([round(0.81326, 2), round(2, 3), round(1e-7, 4)]).toEqual([0.81, 2, 0]);
  expect([0, 0.5, 0.33, 1, 2].map((share) => bar(share, 4))).toEqual([
    "░░░░",
    "██░░",
    "█▍░░",
    "████",
    "████",
  ]);
  expect([0, 2.04, 59.96, 750.5, 3723].map(clock)).toEqual([
    "0:00.0",
    "0:02.0",
    "1:00.0",
    "12:30.5",
    "1:02:03.0",
  ]);
});

test("help is filled to a width: prose, and the second of two columns; a call to be copied stays whole", () => {
  const text = `
One two three four
five six.

Examples:
  call one --two three --four five
  call one   what it does for you
  b  c`;
  expect(filled(text, 20)).toBe(`
One two three four
five six.

Examples:
  call one --two three --four five
  call one   what it
             does
             for you
  b  c`);
  expect(filled("One two\nthree.\n", 80)).toBe("One two three.\n");
});

test("a line is as long as the screen is wide, up to 100 letters; without a screen 80", () => {
  const screens = [
    { isTTY: true, columns: 60 },
    { isTTY: true, columns: 200 },
    { columns: 60 },
    { isTTY: true },
  ];
  expect(screens.map(textWidth)).toEqual([60, 100, 80, 80]);
});
