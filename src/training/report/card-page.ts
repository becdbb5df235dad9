// A model card as a page of Markdown. Knows the card, reads no files.
import { kindOfProtocol, type ModelCard, type ScoreCard } from "../../speech/index.ts";
import { bullets, code, codeBlock, md, mdTable } from "./markdown.ts";
import { count, percent, percentRange, sentence } from "./numbers.ts";
import { meaningOfProtocol } from "./protocols.ts";
import { weaknesses } from "./weaknesses.ts";

/** The page beside a model file: what it is, what it was trained on, how it scores, where it is weak. */
export function cardPage(card: ModelCard): string {
  const version = card.version === null ? "" : ` ${md(card.version)}`;
  const blocks = [
    `# ${md(card.name)}${version}`,
    `Estimates the emotion that a voice sounds like, from ${count(card.sampleRate)} Hz audio: ${card.emotions.map(md).join(", ")}.`,
    `> **How it sounds, not what is felt.** ${md(card.notice)}`,
    ...about(card),
    "## Scores",
    ...scores(card),
    "## Known weaknesses",
    bullets(weaknesses(card).map((weakness) => md(sentence(weakness)))),
    "## Trained on",
    trainedOn(card),
    "## Inputs and outputs",
    ...interfaceOf(card),
    "## How it was made",
    ...made(card),
    "## Licence",
    card.licence === null ? "Of the weights: not known." : `Of the weights: ${md(card.licence)}.`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

function about(card: ModelCard): string[] {
  const rows: [string, string][] = [
    ["Features", known(card.features)],
    ["Network", known(card.architecture)],
    ["Parameters", card.parameters === null ? "not known" : count(card.parameters)],
    ["Timeline", `of windows of ${card.window} s, every ${card.hop} s`],
    [
      "Answers when",
      card.threshold === null
        ? "always: no threshold is set"
        : `its confidence is at least ${percent(card.threshold, 0)}; below that: “uncertain”`,
    ],
  ];
  return [
    mdTable(
      ["", ""],
      rows.map(([name, value]) => [name, md(value)]),
    ),
  ];
}

function scores({ scores, emotions }: ModelCard): string[] {
  if (scores.length === 0) return ["Not known."];
  return [
    "What was held out stands first: a number without it says nothing.",
    mdTable(
      ["held out", "protocol", "corpus", "clips", "accuracy (WA)", "95 % interval", "UAR", "ECE"],
      scores.map((s) => [
        md(s.heldOut),
        md(s.protocol),
        md(s.corpus),
        count(s.clips),
        percent(s.wa),
        percentRange(s.low, s.high),
        percent(s.uar),
        percent(s.ece),
      ]),
      3,
    ),
    ...meanings(scores),
    "### Recall by emotion",
    mdTable(
      ["held out", "protocol", ...emotions.map(md)],
      scores.map((s) => [
        md(s.heldOut),
        md(s.protocol),
        ...emotions.map((emotion) => (s.recall[emotion] === undefined ? "–" : percent(s.recall[emotion], 1))),
      ]),
      2,
    ),
    ...warnings(scores),
  ];
}

function meanings(scores: readonly ScoreCard[]): string[] {
  const kinds = [...new Set(scores.map(({ protocol }) => kindOfProtocol(protocol)))];
  const lines = kinds.flatMap((kind) => {
    const meaning = meaningOfProtocol(kind);
    return meaning === null ? [] : [`**${md(kind)}**: ${md(meaning)}`];
  });
  return lines.length > 0 ? [bullets(lines)] : [];
}

function warnings(scores: readonly ScoreCard[]): string[] {
  const lines = scores.flatMap(({ protocol, heldOut, warnings }) =>
    warnings.map((warning) => `**${md(protocol)}, ${md(heldOut)}**: ${md(sentence(warning))}`),
  );
  return lines.length > 0 ? ["### What weakens these scores", bullets(lines)] : [];
}

function trainedOn({ corpora }: ModelCard): string {
  if (corpora.length === 0) return "Not known.";
  return mdTable(
    ["corpus", "licence", "languages", "voices", "speakers", "clips"],
    corpora.map((corpus) => [
      md(corpus.name),
      md(corpus.licence),
      md(corpus.languages.join(", ")),
      corpus.voices ? md(corpus.voices.join(", ")) : "not named",
      count(corpus.speakers),
      count(corpus.clips),
    ]),
    4,
  );
}

/** The file's contract: names, types and shapes as every exported model has them. */
function interfaceOf(card: ModelCard): string[] {
  const audio = `mono, ${count(card.sampleRate)} Hz, -1..1; any length from 0.25 s`;
  return [
    mdTable(
      ["", "name", "type and shape", "meaning"],
      [
        ["in", "`audio`", "float32 [batch, samples]", audio],
        [
          "in",
          "`voice`",
          "float32 [2, n]",
          "the speaker's usual `voice_features`, mean and spread, as `undertone voice` writes them; all zeros: not known",
        ],
        [
          "out",
          "`probabilities`",
          `float32 [batch, ${card.emotions.length}]`,
          `${card.emotions.map(md).join(", ")}, in this order; they sum to 1`,
        ],
        ["out", "`attention`", "float32 [batch, frames]", "how much each frame counted; sums to 1"],
        ["out", "`embedding`", "float32 [batch, width]", "what the last dense layer sees"],
        ["out", "`voice_features`", "float32 [batch, n]", "what `voice` is the mean and spread of"],
      ],
    ),
  ];
}

function made({ training }: ModelCard): string[] {
  if (training === null) return ["Not known."];
  return [
    codeBlock(training.command),
    `Commit ${code(training.commit)}, seed ${code(String(training.seed))}.`,
  ];
}

function known(text: string | null): string {
  return text ?? "not known";
}
