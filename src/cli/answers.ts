// How analyses are written: for people, as lines of JSON, as CSV. Knows the answers, not how they came to be.
import type { AnalysisSegment, FileAnalysis } from "../recognizer/index.node.ts";
import { bar, clock, csvLine, jsonLine, oneLine, out, percent, round, shown } from "./output.ts";

/** A file that could not be answered. */
export interface Failure {
  file: string;
  error: { code: string; message: string };
}

export type Answer = FileAnalysis | Failure;

/** One way to write answers; each gives lines. */
export interface AnswerWriter {
  head(): string[];
  lines(answer: Answer): string[];
}

/** Lines for people. A failure has none here: it is said on standard error, as in every format. */
export const forPeople: AnswerWriter = {
  head: () => [],
  lines(answer) {
    if ("error" in answer) return [];
    const { file, seconds, emotion, confidence, reason, quality, timeline } = answer;
    const note =
      reason ?? (quality.verdict === "good" ? "" : `${quality.verdict}: ${quality.reasons.join(" ")}`);
    const head = `${verdict(emotion, confidence)}  ${clock(seconds).padStart(9)}  ${out.bold(shown(file))}`;
    return [
      note ? `${head}  ${out.dim(oneLine(note))}` : head,
      ...(timeline ?? []).map(
        (part) =>
          `  ${verdict(part.emotion, part.confidence)}  ${clock(part.start).padStart(9)} - ${clock(part.end)}`,
      ),
    ];
  },
};

/** The emotion, how sure, and that again as a bar: what is uncertain shows its confidence, but no emotion. */
function verdict(emotion: string | null, confidence: number): string {
  const word = emotion === null ? out.yellow("uncertain".padEnd(9)) : out.cyan(oneLine(emotion).padEnd(9));
  return `${word} ${bar(confidence, 10)} ${percent(confidence).padStart(5)}`;
}

/**
 * One object a line: the fields of a file's answer in the order of the contract, rounded to what means anything.
 *
 * @param voice the calibration's file, if the speaker was known: the answer is another one then
 */
export function asJson(voice?: string): AnswerWriter {
  return {
    head: () => [],
    lines(answer) {
      if ("error" in answer) return [jsonLine(answer)];
      const { seconds, confidence, probabilities, quality, timeline, reason, because, ...rest } = answer;
      return [
        jsonLine({
          file: rest.file,
          seconds: round(seconds, 3),
          model: rest.model,
          ...(voice !== undefined && { voice }),
          emotion: rest.emotion,
          confidence: round(confidence, 4),
          uncertain: rest.uncertain,
          ...(because && { because, reason }),
          probabilities: probabilities && rounded(probabilities),
          quality: {
            verdict: quality.verdict,
            speech: round(quality.speech, 3),
            snr: round(quality.snr, 1),
            clipped: round(quality.clipped, 5),
            ...(quality.reasons.length > 0 && { reasons: quality.reasons }),
          },
          ...(timeline && { timeline: timeline.map(segment) }),
        }),
      ];
    },
  };
}

function segment({ start, end, emotion, confidence, probabilities }: AnalysisSegment) {
  return {
    start: round(start, 3),
    end: round(end, 3),
    emotion,
    confidence: round(confidence, 4),
    probabilities: rounded(probabilities),
  };
}

function rounded(shares: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, round(share, 4)]));
}

/**
 * A table: a row a file, or with a timeline a row a stretch of it. What could not be answered has a row too, with
 * `error` and `message`.
 *
 * @param emotions the model's, in order: a column each
 */
export function asCsv(emotions: readonly string[], timeline: boolean): AnswerWriter {
  const span = timeline ? ["start", "end"] : [];
  const columns = [
    ...["file", "seconds", "model", ...span, "emotion", "confidence", "uncertain", "reason", ...emotions],
    ...["quality", "speech", "snr", "clipped", "error", "message"],
  ];
  const row = (values: Record<string, string | number | boolean | null>) =>
    csvLine(columns.map((column) => values[column]));
  return {
    head: () => [csvLine(columns)],
    lines(answer) {
      const { file } = answer;
      if ("error" in answer) return [row({ file, error: answer.error.code, message: answer.error.message })];
      const { seconds, model, uncertain, reason, quality } = answer;
      const whole = {
        // Probabilities first: no emotion's name can take the place of another column.
        ...(answer.probabilities && rounded(answer.probabilities)),
        file,
        seconds: round(seconds, 3),
        model,
        emotion: answer.emotion,
        confidence: round(answer.confidence, 4),
        uncertain,
        reason: reason ?? "",
        quality: quality.verdict,
        speech: round(quality.speech, 3),
        snr: round(quality.snr, 1),
        clipped: round(quality.clipped, 5),
      };
      // Too short for the network: no stretches, but an answer all the same.
      if (!answer.timeline?.length) return [row(whole)];
      return answer.timeline.map((part) => {
        const { probabilities, ...rest } = segment(part);
        return row({ ...whole, ...probabilities, ...rest, uncertain: part.emotion === null });
      });
    },
  };
}
