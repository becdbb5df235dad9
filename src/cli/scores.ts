// A score as lines of text: recall by emotion, and what was taken for what. Knows scores, no models.
import type { Score } from "../training/index.ts";
import { bar, out, percent } from "./output.ts";

export function recallLines({ recall }: Score): string[] {
  const widest = Math.max(...Object.keys(recall).map((emotion) => emotion.length));
  return Object.entries(recall).map(
    ([emotion, value]) => `  ${emotion.padEnd(widest)} ${bar(value, 20)} ${percent(value, 1).padStart(7)}`,
  );
}

/** Rows: what the clips are; columns: what the model said. */
export function confusionLines({ confusion, labels }: Score): string[] {
  const widest = Math.max(...labels.map((label) => label.length));
  const cell = (value: string | number) => String(value).padStart(6);
  return [
    out.dim(
      `  ${"".padEnd(widest)} ${labels.map((label) => cell(label.slice(0, 5))).join("")}   (rows: the label; columns: the answer)`,
    ),
    ...confusion.map((row, i) => {
      const cells = row.map((n, j) => (i === j ? out.bold(cell(n)) : n ? cell(n) : out.dim(cell("."))));
      return `  ${labels[i].padEnd(widest)} ${cells.join("")}`;
    }),
  ];
}
