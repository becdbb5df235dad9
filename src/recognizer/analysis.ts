// What people get for a recording: the answer, or why there is none. Knows thresholds and verdicts, runs nothing.
import {
  judgeQuality,
  type ModelCard,
  type QualityVerdict,
  type RecordingNumbers,
  type Segment,
  type Unanswerable,
} from "../speech/index.ts";
import type { HeardSegment, Whole } from "./running-timeline.ts";
import type { SpeechTrack } from "./speech-track.ts";

/** A stretch of a recording, in seconds. `emotion` is `null` where the model should not answer. */
export type AnalysisSegment = Omit<Segment, "emotion"> & { emotion: string | null };

/** How good the recording is. */
export interface AnalysisQuality {
  verdict: QualityVerdict;
  /** Fraction of the time in which somebody speaks, 0..1. */
  speech: number;
  /** Speech over background, dB. */
  snr: number;
  /** Fraction of samples at full scale, 0..1. */
  clipped: number;
  /** Whole sentences; none where all is well. */
  reasons: readonly string[];
}

export interface Analysis {
  seconds: number;
  /** `name@version`. */
  model: string;
  /** `null` where `uncertain`. */
  emotion: string | null;
  /** The probability of the likeliest emotion; 0 where the recording cannot be judged. */
  confidence: number;
  /** The model should not answer: `reason` says why, `because` says it to programs. */
  uncertain: boolean;
  because?: Unanswerable | "low-confidence";
  reason?: string;
  /** By emotion; `null` where the recording cannot be judged: without a voice, numbers mean nothing. */
  probabilities: Record<string, number> | null;
  quality: AnalysisQuality;
  /** Where it was asked for; covers the recording once, in steps of the card's hop. */
  timeline?: AnalysisSegment[];
}

/** What the network said of a recording. */
export interface Heard {
  whole: Whole;
  /** Whether somebody speaks in it, in one stretch at least. */
  spoken: boolean;
  segments: HeardSegment[];
}

/** A detector's numbers in place of the meter's, which takes all that stands out of the background for speech. */
export function spokenOf(track: SpeechTrack | undefined): Partial<RecordingNumbers> {
  return track ? { speech: track.speech, densestSpeech: track.densest } : {};
}

/** A model's name as analyses and calibrations give it: `universal@1`. */
export function modelId({ name, version }: ModelCard): string {
  return version === null ? name : `${name}@${version}`;
}

/** @param heard `null`: the network heard nothing @param timeline whether the answer has one */
export function conclude(
  card: ModelCard,
  numbers: RecordingNumbers,
  heard: Heard | null,
  timeline: boolean,
): Analysis {
  // A little speech in all, but in no stretch enough of it, is none.
  const densestSpeech = heard?.spoken === false ? 0 : numbers.densestSpeech;
  const { verdict, reasons, unanswerable } = judgeQuality({ ...numbers, densestSpeech });
  const isSure = (confidence: number) => card.threshold === null || confidence >= card.threshold;
  const whole = heard?.whole;
  const doubt =
    whole && !unanswerable && !isSure(whole.confidence)
      ? `The likeliest emotion, ${whole.emotion}, has ${percent(whole.confidence)}; below ` +
        `${percent(card.threshold!)} this model's answers are not to be relied on.`
      : undefined;
  const because = unanswerable ?? (doubt && ("low-confidence" as const));
  const { speech, snr, clipped } = numbers;
  return {
    seconds: numbers.seconds,
    model: modelId(card),
    emotion: because || !whole ? null : whole.emotion,
    confidence: unanswerable ? 0 : (whole?.confidence ?? 0),
    uncertain: because !== undefined,
    ...(because && { because, reason: doubt ?? reasons[0] }),
    probabilities: unanswerable ? null : (whole?.probabilities ?? null),
    quality: { verdict, speech, snr, clipped, reasons },
    ...(timeline && {
      timeline: (heard?.segments ?? []).map(({ spoken, ...segment }) => ({
        ...segment,
        emotion: !unanswerable && spoken && isSure(segment.confidence) ? segment.emotion : null,
      })),
    }),
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
