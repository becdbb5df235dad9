// `undertone corpora`: what is known of each corpus, and what a data folder holds and lacks. Trains nothing.
import type { Command } from "commander";
import {
  CorpusError,
  type CorpusInfo,
  type CorpusSummary,
  checkCorpora,
  corpusInfos,
  type Problem,
  type ReadCorpora,
  speakerIsKnown,
} from "../training/index.ts";
import { columns } from "./card.ts";
import { EXIT, orWrongCall, UsageError } from "./errors.ts";
import { clock, counted, jsonLine, oneLine, out, print, shown } from "./output.ts";
import { Progress } from "./progress.ts";

export function register(program: Command): void {
  const corpora = program
    .command("corpora")
    .description("List what is known of each corpus of emotional speech, or check a folder of them.")
    .option("--json", "one line of JSON for each corpus")
    .addHelpText(
      "after",
      `
A data folder holds one folder per corpus, or is one. A corpus is known by its own file names, by a manifest.csv
(path,emotion,speaker[,gender,lang,seconds]), or by a folder per emotion (happy/, sad/, ...). A gender is F (or female,
woman) or M (or male, man), in any case; empty, unknown or other: not known.

Examples:
  undertone corpora
  undertone corpora check data/`,
    )
    .action(({ json }: { json?: boolean }) => list(Boolean(json)));
  corpora
    .command("check")
    .description(
      "Decode every clip of a folder; print what it holds of each corpus, and every problem by name.",
    )
    .argument("<dir>", "a data folder")
    .option("--json", "one line of JSON for each corpus, then one for each problem")
    .addHelpText(
      "after",
      `
Exit codes: 0 every file is used; 1 some were left out (each is named, with the reason); 2 there is no such folder, or
not one clip in it can be used.`,
    )
    // The option may stand on either side of "check".
    .action((dir: string, _: unknown, command: Command) =>
      check(dir, Boolean(command.optsWithGlobals().json)),
    );
}

function list(json: boolean): void {
  if (json) {
    for (const info of corpusInfos) print(jsonLine(info));
    return;
  }
  for (const info of corpusInfos) for (const line of infoLines(info)) print(line);
  print('"undertone corpora check DIR" says what a folder holds of them.');
}

function infoLines(info: CorpusInfo): string[] {
  const { name, title, languages, speakers, clips, nature, licence, labels, readBy, from, notes } = info;
  return [
    `${out.bold(name)}  ${title}`,
    `  ${languages.join(" ")}, ${speakers} speakers, ${clips ?? "an unknown number of"} clips; ${nature}`,
    `  ${labels.join(" ")}`,
    `  known by its ${readBy}; licence: ${licence}; from ${from}`,
    ...notes.map((note) => `  ${out.yellow("!")} ${note}`),
    "",
  ];
}

async function check(dir: string, json: boolean): Promise<void> {
  let progress: Progress | undefined;
  const onProgress = ({ done, total, file }: { done: number; total: number; file: string }) => {
    progress ??= new Progress(total, "clips");
    progress.update(done, file);
  };
  const checking = checkCorpora(dir, { onProgress }).finally(() => progress?.clear());
  const found = await orWrongCall(checking, CorpusError);
  if (json) printJson(found);
  else printReport(found);
  if (found.clips.length === 0) {
    throw new UsageError(
      `no clip in ${JSON.stringify(dir)} can be used. A data folder holds one folder per corpus, or is one: recordings ` +
        "with a manifest.csv (path,emotion,speaker), a folder per emotion (happy/one.wav, sad/two.wav), or a corpus with " +
        'its own file names ("undertone corpora" lists them).',
    );
  }
  if (found.problems.some(({ used }) => !used)) process.exitCode = EXIT.someUnanswered;
}

function printJson({ corpora, clips, problems }: ReadCorpora): void {
  for (const corpus of corpora) {
    const mine = clips.filter((clip) => clip.corpus === corpus.name);
    print(jsonLine({ corpus: { ...corpus, bySpeaker: countBySpeaker(mine) } }));
  }
  for (const problem of problems) print(jsonLine({ problem }));
}

function printReport({ corpora, clips, problems }: ReadCorpora): void {
  for (const corpus of corpora) {
    const mine = clips.filter((clip) => clip.corpus === corpus.name);
    for (const line of summaryLines(corpus, mine)) print(line);
  }
  for (const problem of problems) print(problemLine(problem));
  if (problems.length > 0) print();
  const left = problems.filter(({ used }) => !used).length;
  print(
    `${counted(clips.length, "clip")} of ${counted(corpora.length, "corpus", "corpora")} can be used; ` +
      `${counted(left, "file")} left out.`,
  );
}

function summaryLines(corpus: CorpusSummary, clips: ReadCorpora["clips"]): string[] {
  const { name, folder, from, languages, seconds, sentences, emotions, lacks, warnings } = corpus;
  const speakers = new Set(clips.filter(speakerIsKnown).map(({ speaker }) => speaker)).size;
  const title = corpus.info ? `  ${corpus.info.title}` : "";
  const facts = [
    counted(corpus.clips, "clip"),
    speakers === 0 ? "speakers not known" : counted(speakers, "speaker"),
    ...(sentences > 0 ? [counted(sentences, "sentence")] : []),
    ...(languages.length > 0 ? [languages.join(" ")] : []),
    clock(seconds),
  ];
  return [
    `${out.bold(shown(name))}${title}`,
    `  in ${shown(folder)}, known by ${from}: ${facts.join(", ")}`,
    ...speakerTable(Object.keys(emotions), clips).map((line) => `  ${line}`),
    ...lacks.map((lack) => `  ${out.dim("lacks")} ${oneLine(lack)}`),
    ...warnings.map((warning) => `  ${out.yellow("!")} ${oneLine(warning)}`),
    "",
  ];
}

/** Speaker -> emotion -> clips, speakers in order. */
function countBySpeaker(clips: ReadCorpora["clips"]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { speaker, emotion } of clips) {
    counts[speaker] ??= {};
    counts[speaker][emotion] = (counts[speaker][emotion] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Clips of each speaker and emotion, with totals. */
function speakerTable(emotions: readonly string[], clips: ReadCorpora["clips"]): string[] {
  const rows = Object.entries(countBySpeaker(clips)).map(([speaker, counts]) => ({
    name: shown(speaker),
    counts: emotions.map((emotion) => counts[emotion] ?? 0),
  }));
  if (rows.length > 1) {
    rows.push({ name: "all", counts: emotions.map((_, k) => sum(rows.map(({ counts }) => counts[k]!))) });
  }
  return columns([
    ["speaker", ...emotions, "all"],
    ...rows.map(({ name, counts }) => [name, ...[...counts, sum(counts)].map(String)]),
  ]);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function problemLine({ file, kind, message, used }: Problem): string {
  const fate = used ? "used" : out.red("left out");
  return `${fate}  ${shown(file)}: ${oneLine(message)} ${out.dim(`(${kind})`)}`;
}
