// What people get for a recording: the answer, or why there is none. Knows thresholds and verdicts, runs nothing.
import {
  judgeQuality,
  type ModelCard,
  type QualityVerdict,
  type RecordingNumbers,
  type Segment,
  type Sounds,
  type Unanswerable,
} from "../speech/index.ts";
import type { HeardSegment } from "./running-timeline.ts";
import type { SpeechTrack } from "./speech-track.ts";

/** A stretch of a recording, in seconds. `emotion` is `null` where the model should not answer. */
export type AnalysisSegment = Omit<Segment, "emotion" | "unlikeness"> & { emotion: string | null };

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

/** Why a recording that can be judged has no answer: it lies far from what the model knows, or nothing stands out. */
export type Doubt = "unlike" | "low-confidence";

export interface Analysis {
  seconds: number;
  /** `name@version`. */
  model: string;
  /** `null` where `uncertain`. */
  emotion: string | null;
  /**
   * The probability of the likeliest emotion; 0 where the recording cannot be judged. Where it is merely not to be relied
   * on (`unlike`, `low-confidence`), it and `probabilities` are given all the same.
   */
  confidence: number;
  /** The model should not answer: `reason` says why, `because` says it to programs. */
  uncertain: boolean;
  because?: Unanswerable | Doubt;
  reason?: string;
  /** By emotion; `null` where the recording cannot be judged: without a voice, numbers mean nothing. */
  probabilities: Record<string, number> | null;
  quality: AnalysisQuality;
  /** Where it was asked for; covers the recording once, in steps of the card's hop. */
  timeline?: AnalysisSegment[];
}

type Sureness = Pick<Sounds, "confidence" | "unlikeness">;

/** A detector's numbers in place of the meter's, which takes all that stands out of the background for speech. */
export function spokenOf(track: SpeechTrack | undefined): Partial<RecordingNumbers> {
  return track ? { speech: track.speech, densestSpeech: track.densest } : {};
}

/** A model's name as analyses and calibrations give it: `universal@1`. */
export function modelId({ name, version }: ModelCard): string {
  return version === null ? name : `${name}@${version}`;
}

/**
 * @param whole what the network said; `null`: it heard nothing, since nobody speaks or it is too short
 * @param segments where the answer has a timeline
 */
export function conclude(
  card: ModelCard,
  numbers: RecordingNumbers,
  whole: Sounds | null,
  segments?: readonly HeardSegment[],
): Analysis {
  // A little speech in all, but nowhere an utterance, is none.
  const densestSpeech = whole ? numbers.densestSpeech : 0;
  const { verdict, reasons, unanswerable } = judgeQuality({ ...numbers, densestSpeech });
  const doubt = whole && !unanswerable ? doubtOf(card, whole) : undefined;
  const because = unanswerable ?? doubt;
  const { speech, snr, clipped } = numbers;
  return {
    seconds: numbers.seconds,
    model: modelId(card),
    emotion: because || !whole ? null : whole.emotion,
    confidence: unanswerable ? 0 : (whole?.confidence ?? 0),
    uncertain: because !== undefined,
    ...(because && { because, reason: doubt ? sentence(doubt, card, whole!) : reasons[0] }),
    probabilities: unanswerable ? null : (whole?.probabilities ?? null),
    quality: { verdict, speech, snr, clipped, reasons },
    ...(segments && {
      timeline: segments.map(({ spoken, unlikeness, ...segment }) => ({
        ...segment,
        emotion:
          !unanswerable && spoken && !doubtOf(card, { ...segment, unlikeness }) ? segment.emotion : null,
      })),
    }),
  };
}

/**
 * Why a model should not answer a sound, if so: how sure it is of one unlike all that it knows says nothing, so that comes
 * first. `confidence` is of all the model's emotions.
 */
export function doubtOf(
  { usual, threshold }: ModelCard,
  { unlikeness, confidence }: Sureness,
): Doubt | undefined {
  if (usual && unlikeness !== undefined && unlikeness > usual.limit) return "unlike";
  return threshold !== null && confidence < threshold ? "low-confidence" : undefined;
}

function sentence(
  doubt: Doubt,
  { usual, threshold }: ModelCard,
  { emotion, confidence, unlikeness }: Sounds,
): string {
  return doubt === "unlike"
    ? `It sounds unlike what this model knows: at a distance of ${unlikeness!.toFixed(2)}, where even new voices ` +
        `seldom lie beyond ${usual!.limit.toFixed(2)}.`
    : `The likeliest emotion, ${emotion}, has ${percent(confidence)}; below ` +
        `${percent(threshold!)} this model's answers are not to be relied on.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
