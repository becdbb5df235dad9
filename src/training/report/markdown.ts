// Text to Markdown (CommonMark, with the tables of GitHub), escaped. Knows no card.
import { visible } from "./html.ts";

/** Text that stands for itself: no markup, no HTML, one line. */
export function md(text: string): string {
  return visible(text)
    .replace(/\s*\n\s*/g, " ")
    .replace(/[\\`*_[\]|~#]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** Text in a code span; its fence is longer than any run of backticks within (CommonMark 0.31, section 6.1). */
export function code(text: string): string {
  const fence = fenceFor(text, 1);
  const pad = /^`|`$/.test(text) ? " " : "";
  return `${fence}${pad}${visible(text).replace(/\s*\n\s*/g, " ")}${pad}${fence}`;
}

/** Text in a block of code, line by line. */
export function codeBlock(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}sh\n${visible(text)}\n${fence}`;
}

function fenceFor(text: string, least: number): string {
  const runs = text.match(/`+/g) ?? [];
  return "`".repeat(Math.max(least, ...runs.map((run) => run.length + 1)));
}

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/**
 * A table of cells that are Markdown already.
 *
 * @param numbersFrom the first column of numbers, which are set to the right
 */
export function mdTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = heads.length,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = heads.map((_, i) => (i < numbersFrom ? "---" : "---:"));
  return [line(heads), line(rule), ...rows.map(line)].join("\n");
}
