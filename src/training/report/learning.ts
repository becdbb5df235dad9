// How a run learned: its curves, and every epoch in numbers. Knows epochs, no scores.
import { html, type Markup } from "./html.ts";
import { type LineLook, lineChart } from "./line-chart.ts";
import { count, duration, percent, plain } from "./numbers.ts";
import { bestEpoch, type EpochRecord } from "./run.ts";

/** Curves of loss, accuracy, learning rate and gradient, the kept epoch marked, and the table behind them. */
export function learning(history: readonly EpochRecord[]): Markup {
  if (history.length === 0) return html`<p>No epoch was finished.</p>`;
  const best = bestEpoch(history);
  const of = (key: Exclude<keyof EpochRecord, "best">) => history.map((record) => record[key]);
  const shared = { epochs: history.map(({ epoch }) => epoch), best };
  const line = (name: string, look: LineLook, key: Parameters<typeof of>[0]) => ({
    name,
    look,
    values: of(key),
  });
  const losses = [line("training", "dashed", "trainLoss"), line("validation", "solid", "validationLoss")];
  const shares = [
    line("training", "dashed", "trainAccuracy"),
    line("validation", "solid", "validationAccuracy"),
    line("validation UAR", "dotted", "validationUar"),
  ];
  return html`${diverged(history)}
<div class="charts">
${lineChart({ ...shared, id: "loss", title: "Loss", format: plain, from: 0, lines: known(losses) })}
${
  known(shares).length > 0 &&
  lineChart({
    ...shared,
    id: "accuracy",
    title: "Accuracy and mean recall",
    format: (share) => percent(share, 1),
    formatTick: (share) => `${plain(share * 100)} %`,
    to: 1,
    lines: known(shares),
  })
}
${lineChart({
  ...shared,
  id: "learning-rate",
  title: "Learning rate",
  format: plain,
  from: 0,
  small: true,
  lines: known([line("rate", "solid", "learningRate")]),
})}
${lineChart({
  ...shared,
  id: "gradient",
  title: "Gradient norm",
  format: plain,
  from: 0,
  small: true,
  lines: known([line("norm", "solid", "gradientNorm")]),
})}
</div>
${epochTable(history, best)}`;
}

interface Line<Value> {
  name: string;
  look: LineLook;
  values: Value[];
}

/** Lines that have a value for every epoch: without labels, there is no accuracy. */
function known(lines: readonly Line<number | null>[]): Line<number>[] {
  return lines.filter((line): line is Line<number> => line.values.every((value) => value !== null));
}

function diverged(history: readonly EpochRecord[]): Markup | false {
  const first = history.find(({ trainLoss }) => !Number.isFinite(trainLoss));
  return (
    first !== undefined &&
    html`<p class="warn">From epoch ${first.epoch} on the training loss is no number: the run diverged. Lower the learning rate, or clip gradients harder.</p>`
  );
}

function epochTable(history: readonly EpochRecord[], best: number | null): Markup {
  const columns: [string, (record: EpochRecord) => string | null][] = [
    ["Loss", ({ trainLoss }) => plain(trainLoss)],
    ["Val. loss", ({ validationLoss }) => or(validationLoss, plain)],
    ["Accuracy", ({ trainAccuracy }) => or(trainAccuracy, percent)],
    ["Val. accuracy", ({ validationAccuracy }) => or(validationAccuracy, percent)],
    ["Val. UAR", ({ validationUar }) => or(validationUar, percent)],
    ["Rate", ({ learningRate }) => plain(learningRate)],
    ["Gradient", ({ gradientNorm }) => plain(gradientNorm)],
    ["Clips/s", ({ clipsPerSecond }) => count(clipsPerSecond)],
    ["Time", ({ seconds }) => duration(seconds)],
  ];
  const shown = columns.filter(([, cell]) => history.some((record) => cell(record) !== null));
  const rows = history.map((r, i) => {
    const cells = shown.map(([, cell]) => cell(r) ?? "");
    return html`<tr${i === best && html` class="chosen"`}><th scope="row">${r.epoch}${i === best && html` <small>kept</small>`}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  });
  return html`<details><summary>Every epoch in numbers</summary>
<div class="wide scroll" role="region" aria-label="Every epoch in numbers" tabindex="0"><table class="numbers epochs">
<thead><tr>${["Epoch", ...shown.map(([head]) => head)].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

function or(value: number | null, text: (value: number) => string): string | null {
  return value === null ? null : text(value);
}
