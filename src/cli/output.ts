// What goes to the terminal or the next program: colours, safe names, numbers. Knows no command.
import { createColors } from "picocolors";

type Colors = ReturnType<typeof createColors>;

// Of each stream by itself: results may go to a file while messages go to a screen (https://no-color.org).
const colorsOf = ({ isTTY }: { isTTY?: boolean }): Colors =>
  createColors(Boolean(isTTY) && !process.env.NO_COLOR && process.env.TERM !== "dumb");

/** Colours of standard output, and of standard error. */
export const out: Colors = colorsOf(process.stdout);
export const err: Colors = colorsOf(process.stderr);

/** Writes one line of the answer. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a message for people; never an answer. */
export function say(line = ""): void {
  process.stderr.write(`${line}\n`);
}

// Controls, line and paragraph separators, and the marks that turn writing around: what would break a line in
// two, drive a terminal, or make a name look like another.
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function escaped(text: string): string {
  return text.replace(UNSAFE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A name as people can read it on one line: as it is, or quoted with its controls escaped. */
export function shown(name: string): string {
  return name.search(UNSAFE) < 0 ? name : escaped(JSON.stringify(name));
}

/** A message on one line, with nothing in it that drives a terminal. */
export function oneLine(text: string): string {
  return escaped(text.replace(/\s*\n\s*/g, " "));
}

/** Longer lines are hard to read, however wide the window is. */
const WIDEST = 100;

/** How many letters a line of text may have on a stream; without a screen, 80. */
export function textWidth({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number {
  return Math.min(WIDEST, (isTTY && columns) || 80);
}

/** Words in lines of at most so many letters. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of oneLine(text).split(" ")) {
    const line = lines.at(-1)!;
    if (line && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

/**
 * Help as it fits: lines that follow each other are filled; of an indented line with a gap of spaces, what stands behind
 * the gap goes on below itself. Any other indented line is a call to be copied, and stays.
 */
export function filled(text: string, width: number): string {
  return text
    .replace(/^\S.*(?:\n\S.*)*/gm, (prose) => wrapped(prose, width).join("\n"))
    .replace(/^( +\S.*? {2,})(\S.*)$/gm, (_, head: string, rest: string) => {
      const lines = wrapped(rest, width - head.length);
      return head + lines.join(`\n${" ".repeat(head.length)}`);
    });
}

/** A value as JSON on one line, however lines are told apart: also by those who split at U+2028 or U+0085. */
export function jsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

/**
 * A record of CSV (RFC 4180), on one line: line ends in a field are escaped as in `shown`. Text that a spreadsheet
 * would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
 */
export function csvLine(fields: readonly (string | number | boolean | null | undefined)[]): string {
  return fields.map(csvField).join(",");
}

function csvField(field: string | number | boolean | null | undefined): string {
  if (field === null || field === undefined) return "";
  if (typeof field !== "string") return String(field);
  const text = shown(field);
  // One more where there are some, so that a reader who takes one away has the text.
  const safe = /^'*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A number to so many decimals, as a number: `round(0.81326, 2)` is 0.81. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** A share as whole percent: `81 %`. */
export function percent(share: number, decimals = 0): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** A number and its noun: `1 clip`, `2 clips`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

/** A bar of so many cells for a share of 0..1, in eighths of a cell. */
export function bar(share: number, cells: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * cells * 8);
  const part = eighths % 8 === 0 ? "" : String.fromCharCode(0x2590 - (eighths % 8));
  return ("█".repeat(Math.floor(eighths / 8)) + part).padEnd(cells, "░");
}

/** Seconds as a clock: `0:02.0`, `12:30.5`, `1:02:03.0`. */
export function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const [h, m, s] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const tail = `${String(m).padStart(h ? 2 : 1, "0")}:${s.toFixed(1).padStart(4, "0")}`;
  return h ? `${h}:${tail}` : tail;
}
