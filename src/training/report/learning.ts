// How a run learned: its curves, and every epoch in numbers. Knows epochs, no scores.
import { html, type Markup } from "./html.ts";
import { lineChart } from "./line-chart.ts";
import { count, duration, percent, plain } from "./numbers.ts";
import { bestEpoch, type EpochRecord } from "./run.ts";

/** Curves of loss, accuracy, learning rate and gradient, the kept epoch marked, and the table behind them. */
export function learning(history: readonly EpochRecord[]): Markup {
  if (history.length === 0) return html`<p>No epoch was finished.</p>`;
  const best = bestEpoch(history);
  const of = (key: Exclude<keyof EpochRecord, "best">) => history.map((record) => record[key]);
  const shared = { epochs: of("epoch"), best };
  return html`${diverged(history)}
<div class="charts">
${lineChart({
  ...shared,
  id: "loss",
  title: "Loss",
  format: plain,
  from: 0,
  lines: [
    { name: "training", look: "dashed", values: of("trainLoss") },
    { name: "validation", look: "solid", values: of("validationLoss") },
  ],
})}
${lineChart({
  ...shared,
  id: "accuracy",
  title: "Accuracy and mean recall",
  format: (share) => percent(share, 1),
  formatTick: (share) => `${plain(share * 100)} %`,
  to: 1,
  lines: [
    { name: "training", look: "dashed", values: of("trainAccuracy") },
    { name: "validation", look: "solid", values: of("validationAccuracy") },
    { name: "validation UAR", look: "dotted", values: of("validationUar") },
  ],
})}
${lineChart({
  ...shared,
  id: "learning-rate",
  title: "Learning rate",
  format: plain,
  from: 0,
  small: true,
  lines: [{ name: "rate", look: "solid", values: of("learningRate") }],
})}
${lineChart({
  ...shared,
  id: "gradient",
  title: "Gradient norm",
  format: plain,
  from: 0,
  small: true,
  lines: [{ name: "norm", look: "solid", values: of("gradientNorm") }],
})}
</div>
${epochTable(history, best)}`;
}

function diverged(history: readonly EpochRecord[]): Markup | false {
  const first = history.find(({ trainLoss }) => !Number.isFinite(trainLoss));
  return (
    first !== undefined &&
    html`<p class="warn">From epoch ${first.epoch} on the training loss is no number: the run diverged. Lower the learning rate, or clip gradients harder.</p>`
  );
}

function epochTable(history: readonly EpochRecord[], best: number | null): Markup {
  const heads = ["Epoch", "Loss", "Val. loss", "Accuracy", "Val. accuracy", "Val. UAR", "Rate", "Gradient"];
  const rows = history.map((r, i) => {
    const cells = [
      plain(r.trainLoss),
      plain(r.validationLoss),
      percent(r.trainAccuracy),
      percent(r.validationAccuracy),
      percent(r.validationUar),
      plain(r.learningRate),
      plain(r.gradientNorm),
      count(r.clipsPerSecond),
      duration(r.seconds),
    ];
    return html`<tr${i === best && html` class="chosen"`}><th scope="row">${r.epoch}${i === best && html` <small>kept</small>`}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  });
  return html`<details><summary>Every epoch in numbers</summary>
<div class="wide scroll" role="region" aria-label="Every epoch in numbers" tabindex="0"><table class="numbers epochs">
<thead><tr>${[...heads, "Clips/s", "Time"].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}
