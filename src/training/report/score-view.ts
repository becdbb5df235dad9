// A score as HTML: the figure itself, recall by emotion, what was taken for what. Knows scores, not runs.
import type { Score } from "../metrics.ts";
import { html, type Markup } from "./html.ts";
import { count, counted, percent, percentRange } from "./numbers.ts";

/** Clips answered rightly: the diagonal of the confusion. */
function rightOf(score: Score): number {
  return score.confusion.reduce((right, row, i) => right + row[i]!, 0);
}

/** One truth taken for one other answer, by many clips. */
export interface Mistake {
  truth: string;
  answer: string;
  clips: number;
  /** Of the truth's clips, 0..1. */
  share: number;
}

/** Every kind of mistake, the most frequent by share of its truth first. */
export function mistakesOf(score: Score): Mistake[] {
  const mistakes = score.confusion.flatMap((row, t) =>
    row.flatMap((clips, a) =>
      clips === 0 || a === t
        ? []
        : [{ truth: score.labels[t]!, answer: score.labels[a]!, clips, share: clips / total(row) }],
    ),
  );
  return mistakes.sort((a, b) => b.share - a.share || b.clips - a.clips);
}

/** The figure that people quote, with what it takes to read it: of how many, how sure, and against chance. */
export function headline(score: Score): Markup {
  const chance = 1 / score.labels.length;
  const at = (share: number) => `${(share * 100).toFixed(2)}%`;
  return html`<p class="figure"><span class="big">${percent(score.wa)}</span>
<span>accuracy: <b>${count(rightOf(score))} of ${count(score.clips)}</b> clips right<br>
95 % interval <b>${percentRange(score.low, score.high)}</b></span></p>
<div class="scale" role="img" aria-label="On a scale of 0 to 100 %: accuracy ${percent(score.wa)}, 95 % interval ${percentRange(score.low, score.high)}, chance ${percent(chance, 1)}">
<span class="band" style="left:${at(score.low)};width:${at(score.high - score.low)}"></span>
<span class="chance" style="left:${at(chance)}"></span>
<span class="mark" style="left:${at(score.wa)}"></span>
<span class="name" style="left:${at(chance)}">chance ${percent(chance, 1)}</span>
<span class="name end">100 %</span>
</div>`;
}

/** Scores side by side, one column each. */
export function scoreTable(columns: readonly { name: string; score: Score }[]): Markup {
  const rows: [string, (score: Score) => string][] = [
    ["Clips", (s) => count(s.clips)],
    ["Answered rightly", (s) => count(rightOf(s))],
    ["Accuracy (WA)", (s) => percent(s.wa)],
    ["95 % interval, over clips", (s) => percentRange(s.low, s.high)],
    ["Mean recall (UAR)", (s) => percent(s.uar)],
    ["Calibration error (ECE)", (s) => percent(s.ece)],
  ];
  if (columns.some(({ score }) => score.bySpeaker)) {
    rows.splice(
      4,
      0,
      ["Speakers", ({ bySpeaker }) => (bySpeaker ? count(bySpeaker.speakers) : "–")],
      [
        "95 % interval, over speakers",
        ({ bySpeaker }) => (bySpeaker ? percentRange(bySpeaker.low, bySpeaker.high) : "–"),
      ],
    );
  }
  if (columns.some(({ score }) => score.answered < 1)) {
    rows.push(
      ["Sure enough to answer", (s) => percent(s.answered)],
      ["Accuracy of those answers", (s) => (s.waAnswered === null ? "–" : percent(s.waAnswered))],
    );
  }
  return html`<div class="wide" role="region" aria-label="Scores" tabindex="0"><table class="numbers">
<thead><tr><td></td>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, cell]) =>
      html`<tr><th scope="row">${name}</th>${columns.map(({ score }) => html`<td>${cell(score)}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}

/** Recall by emotion: bars with their numbers, the lowest named, chance marked. */
export function recallTable(score: Score): Markup {
  const known = score.labels.filter((label) => score.recall[label] !== undefined);
  const least = Math.min(...known.map((label) => score.recall[label]!));
  const mistakes = mistakesOf(score);
  const chance = (100 / score.labels.length).toFixed(2);
  const rows = known.map((label) => {
    const recall = score.recall[label]!;
    const i = score.labels.indexOf(label);
    const row = score.confusion[i]!;
    const mistake = mistakes.find(({ truth }) => truth === label);
    const lowest = recall === least && least < 1;
    return html`<tr><th scope="row">${label}${lowest && html` <small>lowest</small>`}</th>
<td class="bar" aria-hidden="true"><span style="--share:${(recall * 100).toFixed(2)}%"></span></td>
<td>${percent(recall, 1)} <small>${count(row[i]!)} of ${count(total(row))}</small></td>
<td class="text">${mistake ? html`${mistake.answer} <small>${counted(mistake.clips, "clip")}</small>` : "–"}</td></tr>\n`;
  });
  const silent = score.labels.filter((label) => score.recall[label] === undefined);
  return html`<div class="wide" role="region" aria-label="Recall by emotion" tabindex="0">
<table class="numbers recall" style="--chance:${chance}%">
<thead><tr><th scope="col">Emotion</th><td></td><th scope="col">Recall</th><th scope="col" class="text">Mostly taken for</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="note">The thin line in each bar is chance, ${percent(1 / score.labels.length, 1)}.
${silent.length > 0 && ` No clip to measure: ${silent.join(", ")}.`}</p>`;
}

/** Truth by answer as a heat table: clips, and their share of the row. What is right stands in a frame. */
export function confusionTable(score: Score): Markup {
  const { labels, confusion } = score;
  const rows = confusion.map((row, t) => {
    const clips = total(row);
    const cells = row.map((n, a) => confusionCell(n, clips, a === t));
    return html`<tr><th scope="row">${labels[t]}</th>${cells}<td class="sum">${count(clips)}</td></tr>\n`;
  });
  return html`<div class="wide" role="region" aria-label="Confusion matrix" tabindex="0">
<table class="heat"><caption>Down: how the clip is labelled. Across: what the model answered. In each cell: clips, and below them their share of the row in per cent.</caption>
<thead><tr><th scope="col">labelled</th>${labels.map((label) => html`<th scope="col">${label}</th>`)}<th scope="col" class="sum">clips</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function confusionCell(n: number, clips: number, right: boolean): Markup {
  if (n === 0) return right ? html`<td class="right none">0</td>` : html`<td class="none">0</td>`;
  // The root lifts a few clips out of the white: one mistake in a hundred should be seen.
  const heat = (Math.sqrt(n / clips) * 100).toFixed(0);
  return html`<td class="${right ? "right" : "wrong"}" style="--heat:${heat}%">${count(n)}<small>${percent(n / clips, 1).replace(" %", "")}</small></td>`;
}

function total(row: readonly number[]): number {
  return row.reduce((sum, n) => sum + n, 0);
}
