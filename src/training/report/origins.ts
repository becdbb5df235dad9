// Where a run's model comes from: split, corpora, files left out, command and settings, as HTML. Knows no scores.
import { isUnseenVoice } from "../../speech/index.ts";
import { html, type Markup, type Part } from "./html.ts";
import { count, counted, sentence } from "./numbers.ts";
import { meaningOfProtocol } from "./protocols.ts";
import type { EncoderOrigin, RunReport } from "./run.ts";

/** Rows of files left out that are listed before the rest is only counted. */
const LISTED = 500;

/** The three parts and what each was for. What weakens the score stands beside the score. */
export function splitParts({ split, test, encoder }: RunReport): Part {
  return [
    html`<p><strong>${sentence(split.protocol)}</strong> Held out: ${split.heldOut}. ${isUnseenVoice(split) && meaningOfProtocol(split.protocol)}</p>`,
    table(
      "Parts",
      ["Part", "Clips", "What it was for"],
      [
        ["Training", split.train, encoder ? learnedBy(encoder) : "the network learned from it"],
        ["Validation", split.validation, encoder ? SET_LIMITS : "chose the epoch that was kept"],
        ["Test", split.test, test ? "measured at the end; chose nothing" : "not measured in this run"],
      ],
    ),
    split.warnings.length === 0 &&
      html`<p class="note">No speaker, sentence or recording is known to stand on both sides.</p>`,
  ];
}

function learnedBy({ taught, shared, tuned }: EncoderOrigin): string {
  return [
    ...(taught && shared ? ["the encoder learned without labels, from clips that several runs share"] : []),
    ...(taught && !shared ? ["the encoder learned from it without labels"] : []),
    ...(tuned
      ? [taught ? "the encoder went on with its labels" : "the encoder learned from its labels"]
      : []),
    "the heads were fitted to its labels",
  ].join("; ");
}

/** Which of it said how sure to be is not known here: corpora that are left out in turn say that, where there are enough. */
const SET_LIMITS =
  "chose no epoch: it set what is unlike all that the model knows and, where no corpora were left out in turn for that, " +
  "how sure the model may be; then the heads were fitted to it too";

export function corpora(run: RunReport): Part {
  return table(
    "Corpora",
    ["Corpus", "Clips", "Speakers", "Licence"],
    run.corpora.map(({ name, clips, speakers, licence }) => [name, clips, speakers, licence]),
  );
}

export function filesLeftOut(problems: RunReport["problems"]): Part {
  if (problems.length === 0) return html`<p>None: every file was used.</p>`;
  const more = problems.length - LISTED;
  const rows = problems.slice(0, LISTED).map(({ file, message }) => [path(file), message]);
  return [
    html`<p>${counted(problems.length, "file was", "files were")} not used.</p>`,
    html`<div class="scroll">${table("Files left out", ["File", "Why"], rows)}</div>`,
    more > 0 && html`<p class="note">And ${count(more)} more.</p>`,
  ];
}

export function howItWasMade(run: RunReport): Part {
  return [
    html`<h3>Command</h3><pre><code>${run.command}</code></pre><h3>Settings</h3>`,
    table(
      "Settings",
      ["Setting", "Value"],
      settings(run.config).map(([name, value]) => [name, html`<code>${value}</code>`]),
    ),
  ];
}

/** A table of names; columns of numbers are set to the right. */
function table(label: string, heads: readonly string[], rows: readonly (readonly Part[])[]): Markup {
  const look = (cell: Part) => typeof cell === "number" && html` class="count"`;
  const shown = (cell: Part) => (typeof cell === "number" ? count(cell) : cell);
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0"><table class="names">
<thead><tr>${heads.map((head, i) => html`<th scope="col"${look(rows[0]?.[i])}>${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td${look(cell)}>${shown(cell)}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}

/** A file's name, kept from turning the text around it (Unicode's direction marks). */
function path(file: string): Markup {
  return html`<code><bdi>${file}</bdi></code>`;
}

/** Nested settings as `features.kind`. */
function settings(config: Record<string, unknown>, prefix = ""): [string, string][] {
  return Object.entries(config).flatMap(([key, value]): [string, string][] => {
    const name = prefix + key;
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isNested) return settings(value as Record<string, unknown>, `${name}.`);
    return [[name, typeof value === "string" ? value : String(JSON.stringify(value))]];
  });
}
