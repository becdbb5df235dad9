// Scores from truths and probabilities: plain numbers. Knows no files, no models and no corpora.
import { Random } from "./random.ts";

/** What was measured. `labels`, `recall` and `confusion` speak of the labels that were offered. */
export interface Score {
  clips: number;
  labels: string[];
  /** Weighted accuracy: the share of clips answered rightly. */
  wa: number;
  /** Unweighted average recall: the mean of `recall`; chance is 1 / labels whatever their shares. */
  uar: number;
  /** Of every label that has a clip. */
  recall: Record<string, number>;
  /** `[truth][answer]`, clips, in the order of `labels`. */
  confusion: number[][];
  /** Expected calibration error, 15 bins of equal width (Guo et al., ICML 2017). */
  ece: number;
  /** These bins, from the least confident: to pool the answers of several scores. */
  reliability: Bin[];
  /** 95 % interval of `wa`: bootstrap over clips. */
  low: number;
  high: number;
  /** The same over speakers, whose clips are drawn together: wider, and the one that speaks of new voices. */
  bySpeaker?: { speakers: number; low: number; high: number };
  /** Share of clips that the model is sure enough to answer; 1 where that was not given. */
  answered: number;
  /** Accuracy over those, as over all; `null` where there are none. */
  waAnswered: number | null;
  /** Accuracy of the 70 % most confident answers, rounded to whole clips; of equally confident ones the earlier come first. */
  confident: number;
}

/** Answers of about the same confidence: how many, the sum of their confidences, and how many of them are right. */
export interface Bin {
  clips: number;
  confidence: number;
  right: number;
}

export interface ScoreInput {
  /** Index of the true label of each clip. */
  truth: readonly number[];
  /** `[clips][labels]`, each row summing to 1. */
  probabilities: readonly ArrayLike<number>[];
  labels: readonly string[];
  /**
   * Labels that the answer may be, as indices; the others' probability is taken away and the rest made to sum
   * to 1. Not given: all (`--open`). `presentLabels` gives those that the clips have.
   */
  offered?: readonly number[];
  /** Which clips the model is sure enough to answer, whatever is offered. Not given: all. */
  answered?: readonly boolean[];
  /** Who speaks in each clip. */
  speakers?: readonly string[];
  /** Of the bootstrap. */
  seed?: number;
}

const BINS = 15;
const MOST_CONFIDENT = 0.7;
const RESAMPLES = 2000;

/** The labels that the clips have, ascending. */
export function presentLabels(truth: readonly number[]): number[] {
  return [...new Set(truth)].sort((a, b) => a - b);
}

/**
 * Measure answers against truths.
 *
 * @throws Error where there are no clips, where lists differ in length, where a truth is not offered, or where a
 *   probability is not a number of 0..1
 */
export function score(input: ScoreInput): Score {
  const offered = input.offered ?? input.labels.map((_, i) => i);
  const { truth, answer, confidence } = decide(input, offered);
  const right = truth.map((t, i) => (t === answer[i] ? 1 : 0));
  const labels = offered.map((i) => input.labels[i]!);
  const confusion = labels.map(() => labels.map(() => 0));
  truth.forEach((t, i) => {
    confusion[t]![answer[i]!]! += 1;
  });
  const recall: Record<string, number> = {};
  confusion.forEach((row, i) => {
    const clips = sum(row);
    if (clips > 0) recall[labels[i]!] = row[i]! / clips;
  });
  const answeredRight = right.filter((_, i) => input.answered?.[i] ?? true);
  const seed = input.seed ?? 0;
  const reliability = binned(confidence, right);
  return {
    clips: truth.length,
    labels,
    wa: mean(right),
    uar: mean(Object.values(recall)),
    recall,
    confusion,
    ece: calibrationError([reliability]),
    reliability,
    ...interval(
      right.map((r) => [r]),
      new Random(seed, "bootstrap clips"),
    ),
    ...speakerInterval(right, input.speakers, seed),
    answered: answeredRight.length / truth.length,
    waAnswered: answeredRight.length > 0 ? mean(answeredRight) : null,
    confident: mean(mostConfident(confidence).map((i) => right[i]!)),
  };
}

type Decisions = { truth: number[]; answer: number[]; confidence: number[] };

/** The most probable offered label of every clip and its share; indices are positions in `offered`. */
function decide(
  { truth, probabilities, labels, speakers }: ScoreInput,
  offered: readonly number[],
): Decisions {
  if (truth.length === 0) throw new Error("score: there are no clips, expected at least one");
  if (probabilities.length !== truth.length || (speakers && speakers.length !== truth.length)) {
    throw new Error(
      `score: ${truth.length} truths, ${probabilities.length} rows of probabilities` +
        `${speakers ? ` and ${speakers.length} speakers` : ""}, expected as many of each`,
    );
  }
  const position = new Map(offered.map((label, i) => [label, i]));
  const decisions: Decisions = { truth: [], answer: [], confidence: [] };
  truth.forEach((label, clip) => {
    const t = position.get(label);
    if (t === undefined) {
      throw new Error(
        `score: clip ${clip} is "${labels[label] ?? label}", expected one of the offered ` +
          `${offered.map((i) => labels[i]).join(", ")}; leave the clip out or offer its label`,
      );
    }
    const row = probabilities[clip]!;
    const shares = offered.map((i) => row[i]!);
    const bad = row.length !== labels.length || shares.some((p) => !(p >= 0 && p <= 1 + 1e-5));
    if (bad) {
      throw new Error(
        `score: clip ${clip} has probabilities [${Array.from(row)}], expected ${labels.length} numbers of 0..1`,
      );
    }
    const total = sum(shares);
    const best = shares.indexOf(Math.max(...shares));
    decisions.truth.push(t);
    decisions.answer.push(best);
    // Nothing at all on the offered labels: every one of them is as likely.
    decisions.confidence.push(total > 0 ? shares[best]! / total : 1 / offered.length);
  });
  return decisions;
}

/** The places of the most confident answers; one at least. */
function mostConfident(confidence: readonly number[]): number[] {
  const clips = Math.max(1, Math.round(MOST_CONFIDENT * confidence.length));
  // A sort that keeps the order of equals, which ECMAScript 2019 demands.
  return [...confidence.keys()].sort((a, b) => confidence[b]! - confidence[a]!).slice(0, clips);
}

function binned(confidence: readonly number[], right: readonly number[]): Bin[] {
  const bins = Array.from({ length: BINS }, (): Bin => ({ clips: 0, confidence: 0, right: 0 }));
  confidence.forEach((c, i) => {
    const bin = bins[Math.min(BINS - 1, Math.floor(c * BINS))]!;
    bin.clips += 1;
    bin.confidence += c;
    bin.right += right[i]!;
  });
  return bins;
}

/**
 * Of the answers of all these together. The mean of their own errors is another number: of few answers a bin's accuracy
 * is mostly chance, which no model can foresee (Nixon et al., CVPR workshops 2019).
 */
export function calibrationError(reliabilities: readonly (readonly Bin[])[]): number {
  const bins = Array.from({ length: BINS }, (_, i) => reliabilities.map((one) => one[i]!));
  const off = bins.map((own) => sum(own.map(({ right, confidence }) => right - confidence)));
  const clips = sum(reliabilities.flat().map((bin) => bin.clips));
  // |accuracy - confidence| of a bin, weighted by its clips, is |right - confidence sums| over all clips.
  return sum(off.map(Math.abs)) / clips;
}

function speakerInterval(right: readonly number[], speakers: readonly string[] | undefined, seed: number) {
  if (!speakers) return {};
  const groups = new Map<string, number[]>();
  speakers.forEach((speaker, i) => {
    const group = groups.get(speaker);
    if (group) group.push(right[i]!);
    else groups.set(speaker, [right[i]!]);
  });
  // One voice says nothing about how voices differ.
  if (groups.size < 2) return {};
  const bounds = interval([...groups.values()], new Random(seed, "bootstrap speakers"));
  return { bySpeaker: { speakers: groups.size, ...bounds } };
}

/**
 * 95 % percentile bootstrap of the mean, drawing whole groups (Efron and Tibshirani, 1993, chapter 13).
 *
 * Where every single outcome is the same, drawing again says nothing (100 of 100 is not "100 % to 100 %"); then the
 * exact binomial interval stands in (Clopper and Pearson, 1934), over groups.
 */
function interval(groups: readonly (readonly number[])[], random: Random): { low: number; high: number } {
  const n = groups.length;
  const totals = groups.map((group) => sum(group));
  const right = sum(totals);
  const clips = sum(groups.map((group) => group.length));
  if (right === 0) return { low: 0, high: 1 - 0.025 ** (1 / n) };
  if (right === clips) return { low: 0.025 ** (1 / n), high: 1 };
  const means = new Float64Array(RESAMPLES);
  for (let r = 0; r < RESAMPLES; r++) {
    let drawnRight = 0;
    let drawnClips = 0;
    for (let i = 0; i < n; i++) {
      const k = random.int(n);
      drawnRight += totals[k]!;
      drawnClips += groups[k]!.length;
    }
    means[r] = drawnRight / drawnClips;
  }
  means.sort();
  const quantile = (q: number) => means[Math.round(q * (RESAMPLES - 1))]!;
  return { low: quantile(0.025), high: quantile(0.975) };
}

function sum(xs: readonly number[]): number {
  let total = 0;
  for (const x of xs) total += x;
  return total;
}

function mean(xs: readonly number[]): number {
  return sum(xs) / xs.length;
}
