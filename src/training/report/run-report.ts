// The report of a training run: data in, one HTML file out that needs nothing else. Reads no files.
import { isUnseenVoice } from "../../speech/index.ts";
import type { Score } from "../metrics.ts";
import { html, Markup, type Part } from "./html.ts";
import { learning } from "./learning.ts";
import { count, counted, duration, percent, sentence } from "./numbers.ts";
import { corpora, filesLeftOut, howItWasMade, splitParts } from "./origins.ts";
import { meaningOfProtocol } from "./protocols.ts";
import { bestEpoch, type RunReport } from "./run.ts";
import { confusionTable, headline, mistakesOf, recallTable, scoreTable } from "./score-view.ts";
import { STYLE } from "./style.ts";

/** One HTML file without a script; nothing is fetched, and its content policy forbids it. */
export function runReport(run: RunReport): string {
  const measured = run.test ?? run.validation;
  const part = `${counted(measured.clips, "clip")} of the ${run.test ? "test" : "validation"} part`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${run.title}: ${percent(measured.wa)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${head(run)}
<main>
${section("Score", `${part}, ${run.split.protocol}`, score(run))}
${section("How the clips were split", null, splitParts(run))}
${section("How it learned", null, learning(run.history))}
${section("Which emotions it hears", part, recallTable(measured))}
${section("What it takes for what", part, [confusionTable(measured), mistakes(measured)])}
${section("How well it knows when it is right", part, calibration(measured))}
${section("What it was trained on", null, corpora(run))}
${section("Files left out", null, filesLeftOut(run.problems))}
${section("How it was made", null, howItWasMade(run))}
</main>
<footer><p>${run.notice}</p></footer>
</body>
</html>
`.source;
}

function section(title: string, note: string | null, body: Part): Markup {
  return html`<section><div><h2>${title}</h2>${note !== null && html`<p>${note}</p>`}</div>
<div>${body}</div></section>`;
}

function head(run: RunReport): Markup {
  const best = bestEpoch(run.history);
  const facts: [string, Part][] = [
    ["Recipe", run.recipe],
    ["Started", html`<time datetime="${run.startedAt}">${startOf(run.startedAt)}</time>`],
    ["Took", duration(run.seconds)],
    ["Trained", `${counted(run.history.length, "epoch")} of ${counted(run.split.train, "clip")}`],
    ["Kept", best === null ? "no epoch" : `epoch ${run.history[best]!.epoch}`],
    ["Machine", run.machine],
  ];
  return html`<header>
<p class="kind">Undertone training run</p>
<h1>${run.title}</h1>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</header>`;
}

function score(run: RunReport): Part {
  const columns = [{ name: "Validation", score: run.validation }];
  if (run.test) columns.unshift({ name: "Test", score: run.test });
  return [headline(run.test ?? run.validation), caveats(run), html`<h3>In full</h3>`, scoreTable(columns)];
}

/** What a reader must know before repeating the figure. */
function caveats({ split, test, emotions, validation, encoder }: RunReport): Markup | false {
  const measured = (test ?? validation).labels;
  const unmeasured = emotions.filter((emotion) => !measured.includes(emotion));
  const meaning = meaningOfProtocol(split.protocol);
  const reasons = [
    ...(test ? [] : [`no clip was held out: ${encoder ? OF_OTHER_HEADS : FLATTERS}`]),
    ...(meaning !== null && !isUnseenVoice(split) ? [meaning] : []),
    ...split.warnings,
    ...(unmeasured.length > 0
      ? [`no clips of ${unmeasured.join(", ")}: neither measured nor offered as an answer`]
      : []),
  ];
  return (
    reasons.length > 0 &&
    html`<div class="warn"><h3>Before you quote this number</h3>
<ul>${reasons.map((reason) => html`<li>${sentence(reason)}</li>`)}</ul></div>`
  );
}

const FLATTERS = "these clips chose the epoch that was kept, so the score flatters";
const OF_OTHER_HEADS =
  "these clips helped to say when the model answers, and the score is of heads that did not know them; those of the " +
  "model were fitted to them afterwards";

function mistakes(score: Score): Markup {
  const most = mistakesOf(score).slice(0, 3);
  if (most.length === 0) {
    return html`<p class="note">Not one of ${counted(score.clips, "clip")} was taken for another emotion.</p>`;
  }
  return html`<h3>Most frequent mistakes</h3>
<ul class="list">${most.map(
    ({ truth, answer, clips, share }) =>
      html`<li><b>${truth}</b> taken for <b>${answer}</b>: ${counted(clips, "clip")}, <b>${percent(share, 1)}</b> of ${truth}</li>\n`,
  )}</ul>`;
}

function calibration({ ece, answered, waAnswered, clips }: Score): Part {
  return [
    html`<p>Calibration error (ECE) <b>${percent(ece)}</b>: over 15 bands of confidence, the average distance between how sure the model said it was and how often it was right.</p>`,
    waAnswered === null
      ? html`<p>It was sure enough to answer none of ${count(clips)} clips.</p>`
      : html`<p>It was sure enough to answer <b>${percent(answered)}</b> of the clips, and <b>${percent(waAnswered)}</b> of those answers were right.</p>`,
  ];
}

/** `2026-11-03T14:05:09.123Z` as `2026-11-03 14:05 UTC`; any other text as it is. */
function startOf(startedAt: string): string {
  return startedAt.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:[\d.]+)?Z$/, "$1 $2 UTC");
}
