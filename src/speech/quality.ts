// Whether a recording is good enough to judge a voice by. Pure: numbers in, a verdict and its reasons out.

/** What is measured of a recording; see the audio room's meter for how. */
export interface RecordingNumbers {
  readonly seconds: number;
  /** Level of the speech, dB relative to full scale. */
  readonly level: number;
  /** Fraction of samples at full scale. */
  readonly clipped: number;
  /** Speech over background, dB. */
  readonly snr: number;
  /** Fraction of the time in which somebody speaks; where no detector listens, in which anything stands out. */
  readonly speech: number;
  /** The same of the 5 s with most speech in them (of all, where that is shorter), if a detector listens. */
  readonly densestSpeech?: number;
  /** Samples that were not numbers. */
  readonly nonFinite: number;
}

export type QualityVerdict = "good" | "fair" | "poor";

/** Why a recording cannot be answered at all. */
export type Unanswerable = "silence" | "too-short" | "no-speech" | "too-noisy";

export interface QualityJudgement {
  readonly verdict: QualityVerdict;
  /** Whole sentences for a person; empty when all is well. */
  readonly reasons: readonly string[];
  readonly unanswerable?: Unanswerable;
}

/** Where the lines are drawn, and why there. */
export const qualityLimits = {
  /** Shortest input that a model takes, seconds. */
  leastSeconds: 0.25,
  /** Speech in a room is recorded at -40 to -15 dBFS; at -60, ten of sixteen bits lie idle. */
  silenceLevel: -60,
  /** Less than a short syllable, seconds. */
  leastSpeechSeconds: 0.1,
  /**
   * Of the 5 s with most speech in them: half a second. A sneeze or a bark that sounds like a voice for a moment is shorter;
   * a clip of one word is short itself.
   */
  leastSpeechShare: 0.1,
  /** Of a stretch of a timeline, seconds: in music a voice is heard now and then, for a tenth of a second. */
  leastSegmentSpeech: 0.2,
  /** The meter reads high in loud noise: nine in ten voices in noise as loud as they are read less, few at 5 dB above it. */
  leastSnr: 7,
  /** Its 10 is some 6 dB in truth. */
  poorSnr: 10,
  /** Clean speech without a single pause still measures 16 to 20. */
  fairSnr: 15,
  /** Audibly distorted: a crest in every pitch period is cut. */
  poorClipped: 0.02,
  /** A recording that was merely brought up to full scale stays well below one sample in a thousand. */
  fairClipped: 0.001,
  /** So quiet that a 16-bit recorder's own noise comes near, dBFS. */
  fairLevel: -50,
} as const;

/** Judges a recording by its numbers. An unanswerable one is also "poor". */
export function judgeQuality(numbers: RecordingNumbers): QualityJudgement {
  const limits = qualityLimits;
  const { seconds, level, clipped, snr, speech, densestSpeech, nonFinite } = numbers;
  if (seconds < limits.leastSeconds) {
    return refuse(
      "too-short",
      `It lasts ${seconds.toFixed(2)} s; at least ${limits.leastSeconds} s are needed.`,
    );
  }
  if (level < limits.silenceLevel) {
    return refuse("silence", `Its level is ${level.toFixed(0)} dBFS: silence, or a microphone that was off.`);
  }
  const hasDetector = densestSpeech !== undefined;
  if (
    speech * seconds < limits.leastSpeechSeconds ||
    (hasDetector && densestSpeech < limits.leastSpeechShare)
  ) {
    return refuse(
      "no-speech",
      hasDetector
        ? "Nobody is heard to speak in it, or too briefly to judge by."
        : "Nothing in it stands out of a steady background.",
    );
  }
  if (snr < limits.leastSnr) {
    return refuse(
      "too-noisy",
      `The voice does not stand out of the background (${snr.toFixed(0)} dB above it).`,
    );
  }
  const poor: string[] = [];
  const fair: string[] = [];
  if (snr < limits.fairSnr) {
    (snr < limits.poorSnr ? poor : fair).push(`The voice is only ${snr.toFixed(0)} dB above the background.`);
  }
  if (clipped > limits.fairClipped) {
    const percent = (clipped * 100).toFixed(1);
    (clipped > limits.poorClipped ? poor : fair).push(
      `It is overloaded: ${percent} % of the samples are at full scale.`,
    );
  }
  if (level < limits.fairLevel) fair.push(`It is very quiet (${level.toFixed(0)} dBFS).`);
  if (nonFinite > 0) fair.push(`${nonFinite} of its samples are not numbers; they were taken as silence.`);
  const verdict = poor.length > 0 ? "poor" : fair.length > 0 ? "fair" : "good";
  return { verdict, reasons: [...poor, ...fair] };
}

function refuse(unanswerable: Unanswerable, reason: string): QualityJudgement {
  return { verdict: "poor", reasons: [reason], unanswerable };
}
