// Measuring a model file on clips, through the recogniser that people use. Knows no training.
import { AudioError, decodeFile } from "../audio/index.node.ts";
import type { Recognizer } from "../recognizer/index.node.ts";
import { type Clip, mapLimited } from "./corpora/index.ts";
import { presentLabels, type Score, score } from "./metrics.ts";

export interface Measured {
  score: Score;
  /** Clips that could not be heard, and why: they are not scored. */
  leftOut: { clip: Clip; reason: string }[];
}

export interface EvaluateOptions {
  /** Offer all emotions to the choice, not just those that the clips have. */
  open?: boolean;
  onProgress?(done: number): void;
  signal?: AbortSignal;
}

/** Files being decoded ahead of the network. */
const AT_ONCE = 8;
const LONGEST_SECONDS = 60;

/**
 * The model's answers to `clips`, each heard whole, against their labels.
 * @throws Error if no clip could be heard, or a label is not one of the model's emotions
 */
export async function evaluate(
  recognizer: Recognizer,
  clips: readonly Clip[],
  { open = false, onProgress = () => {}, signal }: EvaluateOptions = {},
): Promise<Measured> {
  const labels = recognizer.card.emotions;
  let done = 0;
  const answers = await mapLimited(clips, AT_ONCE, async (clip) => {
    signal?.throwIfAborted();
    try {
      const audio = await decodeFile(clip.path, { maxSeconds: LONGEST_SECONDS, signal });
      const [{ probabilities }] = await recognizer.classify([audio]);
      return { clip, probabilities };
    } catch (error) {
      if (error instanceof AudioError || error instanceof RangeError) return { clip, reason: error.message };
      throw error;
    } finally {
      onProgress(++done);
    }
  });
  const heard = answers.flatMap((one) => (one.probabilities ? [one] : []));
  if (!heard.length)
    throw new Error(`none of the ${clips.length} clips could be heard; "undertone corpora check" says why`);
  const truth = heard.map(({ clip }) => labels.indexOf(clip.emotion));
  const missing = heard.find((_, i) => truth[i] < 0);
  if (missing) {
    throw new Error(
      `${missing.clip.file} is ${missing.clip.emotion}, and the model knows only ${labels.join(", ")}; leave such clips out`,
    );
  }
  return {
    score: score({
      truth,
      probabilities: heard.map(({ probabilities }) => probabilities),
      labels,
      offered: open ? undefined : presentLabels(truth),
      threshold: recognizer.card.threshold ?? undefined,
      speakers: heard.map(({ clip }) => clip.speaker),
    }),
    leftOut: answers.flatMap((one) =>
      one.reason === undefined ? [] : [{ clip: one.clip, reason: one.reason }],
    ),
  };
}
