// `undertone card`: what a model file says of itself, for people or as JSON. Runs no model.
import { basename } from "node:path";
import type { Command } from "commander";
import { ModelError, readModelBytes, readModelFile } from "../recognizer/index.node.ts";
import type { CorpusCard, ModelCard, ScoreCard } from "../speech/index.ts";
import { orWrongCall } from "./errors.ts";
import { modelPath } from "./models.ts";
import { jsonLine, oneLine, out, percent, print, wrapped } from "./output.ts";

const UNKNOWN = "unknown";

export function register(program: Command): void {
  program
    .command("card")
    .description(
      "Print what a model file says of itself: what it hears, what it was trained on, how it scores.",
    )
    .argument("<model>", "a model file, or the name of one that ships: universal, tess-lstm")
    .option("--json", "the card itself, as one line of JSON")
    .addHelpText(
      "after",
      `
A score counts for what was held out: "unseen speaker" means voices that the model never heard. UAR is the mean
of the recalls of the emotions, WA the share of clips answered rightly.

Examples:
  undertone card universal
  undertone card runs/mine/model.onnx --json`,
    )
    .action(async (model: string, { json }: { json?: boolean }) => {
      const path = modelPath(model);
      const bytes = await orWrongCall(readModelBytes(path), ModelError);
      const { card } = await orWrongCall((async () => readModelFile(bytes, basename(path)))(), ModelError);
      if (json) print(jsonLine(card));
      else for (const line of cardLines(card)) print(line);
    });
}

/** The card for people, line by line. */
export function cardLines(card: ModelCard): string[] {
  const { training } = card;
  const facts: [string, string][] = [
    ["version", card.version ?? UNKNOWN],
    ["emotions", card.emotions.join(", ")],
    ["hears", `${card.sampleRate} Hz`],
    ["timeline", `of windows of ${card.window} s, every ${card.hop} s`],
    ["features", card.features ?? UNKNOWN],
    ["network", card.architecture ?? UNKNOWN],
    ["parameters", card.parameters?.toLocaleString("en") ?? UNKNOWN],
    ["uncertain below", card.threshold === null ? UNKNOWN : percent(card.threshold)],
    ...(card.usual
      ? ([["unlike beyond", `${card.usual.limit} spreads from what it was trained on`]] as [string, string][])
      : []),
    ["trained by", training ? training.command : UNKNOWN],
    ...(training ? ([["", `commit ${training.commit}, seed ${training.seed}`]] as [string, string][]) : []),
    ["licence", card.licence ?? UNKNOWN],
  ];
  return [
    out.bold(oneLine(card.name)),
    "",
    ...facts.map(([name, value]) => `  ${out.dim(name.padEnd(16))}${oneLine(value)}`),
    "",
    out.bold("Trained on"),
    ...(card.corpora.length > 0 ? card.corpora.map(corpusLine) : [`  ${UNKNOWN}`]),
    "",
    out.bold("Scores"),
    ...(card.scores.length > 0
      ? scoreLines(card)
      : [`  ${UNKNOWN}: the card has none, so expect nothing of it`]),
    "",
    ...wrapped(card.notice, 100),
  ];
}

function corpusLine({ name, clips, speakers, languages, licence }: CorpusCard): string {
  return oneLine(`  ${name}: ${clips} clips, ${speakers} speakers, ${languages.join(" ")}; ${licence}`);
}

function scoreLines({ scores, emotions }: ModelCard): string[] {
  const classes = [...new Set([...emotions, ...scores.flatMap(({ recall }) => Object.keys(recall))])];
  const recalled = classes.filter((emotion) => scores.some(({ recall }) => emotion in recall));
  const rows = [
    ["protocol", "held out", "corpus", "clips", "WA", "95 %", "UAR", "ECE", ...recalled],
    ...scores.map((score) => scoreRow(score, recalled)),
  ];
  const table = columns(rows);
  return [
    `  ${out.dim(table[0]!)}`,
    ...scores.flatMap(({ warnings }, i) => [
      `  ${table[i + 1]}`,
      ...warnings.map((warning) => `    ${out.yellow("!")} ${oneLine(warning)}`),
    ]),
  ];
}

function scoreRow(score: ScoreCard, recalled: readonly string[]): string[] {
  const { protocol, heldOut, corpus, clips, wa, low, high, uar, ece, recall } = score;
  const shares = recalled.map((emotion) => (emotion in recall ? (100 * recall[emotion]!).toFixed(0) : ""));
  const interval = `${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)}`;
  const numbers = [percent(wa, 2), interval, percent(uar, 2), ece.toFixed(3), ...shares];
  return [oneLine(protocol), oneLine(heldOut), oneLine(corpus), String(clips), ...numbers];
}

/** Rows of text as lines whose columns stand under each other: words to the left, numbers to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  const isNumber = widths.map((_, c) => rows.slice(1).every((row) => /^[\d.,% -]*$/.test(row[c]!)));
  return rows.map((row) =>
    row
      .map((cell, c) => (isNumber[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join("  ")
      .trimEnd(),
  );
}
