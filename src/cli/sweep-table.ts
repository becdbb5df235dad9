// A sweep's summary as lines for people: a table of what was measured, and what to know of it. Knows no runs.
import type { Estimate, Figures, PartSummary, Protocol, SweepSummary } from "../training/index.ts";
import { columns } from "./card.ts";
import { counted, oneLine, out, percent, shown } from "./output.ts";
import { genderLine } from "./scores.ts";

export function sweepLines(protocol: Protocol, summaries: readonly SweepSummary[]): string[] {
  return summaries.flatMap((summary) => [
    out.bold(`${summary.recipe} on ${protocol.name}`),
    ...columns(table(protocol, summary)).map((line) => `  ${line}`),
    `  ${out.bold(`UAR ${interval(summary.uar)}  WA ${interval(summary.wa)}`)}  ${errors(summary)}  ` +
      `WA of the 70 % most confident ${interval(summary.confident)}`,
    `  ${answers(summary)}`,
    ...genderLine(summary.byGender, interval).map((line) => `  UAR of ${line}`),
    ...genderLine(summary.byAllClips?.byGender, interval).map((line) => `  with voice (all): ${line}`),
    out.dim(`  ${summary.interval}; a part's interval is over its seeds`),
    ...voiceNotes(summary).map((note) => out.dim(`  ${note}`)),
    ...warnings(summary.parts).map((warning) => `  ${out.yellow("!")} ${warning}`),
    ...(summary.commits.length > 1
      ? [`  ${out.yellow("!")} runs of several versions of this program: ${summary.commits.join(", ")}`]
      : []),
    ...(summary.folds < summary.allFolds
      ? [`  ${out.yellow("!")} ${summary.folds} of the protocol's ${summary.allFolds} folds`]
      : []),
    "",
  ]);
}

function errors({ ece, eceTogether }: Figures): string {
  const together =
    eceTogether === undefined ? "" : ` a corpus, ${eceTogether.toFixed(3)} of all answers together`;
  return `ECE ${ece.toFixed(3)}${together}`;
}

function answers({ answered: { share, wa } }: Figures): string {
  const right = wa ? `, of which ${interval(wa)} right` : "";
  return `sure enough to answer ${interval(share)}${right}`;
}

/** Rows: what is measured; columns: recall of each class it has. Where corpora are held out: the cross-corpus matrix. */
function table({ classes }: Protocol, summary: SweepSummary): string[][] {
  const { rows, parts } = summary;
  const voices = voiceColumns(summary);
  const figures = (of: Figures) => [cell(of.uar), cell(of.wa), ...voices.map(({ show }) => show(of))];
  const recall = (part: PartSummary, label: string) =>
    label in part.recall ? (100 * part.recall[label]!).toFixed(0) : "";
  // By corpus one run stands in many rows.
  const runs = rows === "folds" ? String(parts.reduce((sum, part) => sum + part.runs, 0)) : "";
  return [
    [
      ...[rows === "folds" ? "never heard" : "corpus", "clips", "runs", "UAR %", "WA %"],
      ...[...voices.map(({ title }) => title), ...classes],
    ],
    ...parts.map((part) => [
      ...[shorten(part.heldOut), String(part.clips), String(part.runs), ...figures(part)],
      ...classes.map((label) => recall(part, label)),
    ]),
    [
      ...["mean", "", runs, ...figures(summary)],
      ...classes.map((label) => {
        const having = parts.filter((part) => label in part.recall);
        const mean = having.reduce((sum, part) => sum + part.recall[label]!, 0) / having.length;
        return having.length > 0 ? (100 * mean).toFixed(0) : "";
      }),
    ],
  ];
}

/** UAR with calibrated voices, and what it gains; where it was measured. */
function voiceColumns({ byAllClips, byNeutralClips }: Figures) {
  const all = { title: "voice (all)", show: (of: Figures) => (of.byAllClips ? cell(of.byAllClips.uar) : "") };
  const neutral = {
    title: "voice (neutral) +",
    show: ({ byNeutralClips: of }: Figures) => (of ? cell(of.gain, signed) : ""),
  };
  return [...(byAllClips ? [all] : []), ...(byNeutralClips ? [neutral] : [])];
}

function voiceNotes({ byAllClips, byNeutralClips: neutral }: Figures): string[] {
  return [
    ...(byAllClips ? ["voice (all): UAR where all clips of a speaker, unlabelled, calibrate the voice"] : []),
    ...(neutral
      ? [
          "voice (neutral) +: UAR that neutral clips add as the calibration, on the other clips: " +
            `${percent(neutral.unknown.mean, 1)} without, ${percent(neutral.calibrated.mean, 1)} with`,
        ]
      : []),
  ];
}

const plain = (share: number) => (100 * share).toFixed(1);
const signed = (share: number) => `${share < 0 ? "" : "+"}${plain(share)}`;

const cell = ({ mean, low, high }: Estimate, write = plain) =>
  write(mean) + (low === null ? "" : ` (${write(low)} to ${write(high!)})`);

const interval = ({ mean, low, high }: Estimate) =>
  percent(mean, 1) + (low === null ? "" : ` (${percent(low, 1)} to ${percent(high!, 1)})`);

/** Many actors in one fold: `ravdess/02 05 14`. */
function shorten(heldOut: string): string {
  const names = heldOut.split(", ").map((name) => name.split("/"));
  const [first] = names;
  const one = names.length > 1 && names.every(([corpus, voice]) => voice && corpus === first![0]);
  return shown(one ? `${first![0]}/${names.map(([, voice]) => voice).join(" ")}` : heldOut);
}

/** What the parts are warned of, without counts and names, so that the same of several parts stands once. */
function warnings(parts: readonly PartSummary[]): string[] {
  const gist = (warning: string) => oneLine(warning.replace(/ \(.*\)/, "").replace(/^\d+ /, ""));
  const counts = new Map<string, number>();
  for (const part of parts) {
    for (const text of new Set(part.warnings.map(gist))) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `in ${count} of ${counted(parts.length, "part")}: ${text}`);
}
