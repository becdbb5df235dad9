// Measuring a model file on clips, through the recogniser that people use. Knows no training.
import type { Recognizer } from "../recognizer/index.node.ts";
import { type Clip, mapLimited } from "./corpora/index.ts";
import { hearClip, type LeftOut } from "./hear-clip.ts";
import { presentLabels, type Score, score } from "./metrics.ts";

export interface Measured {
  /** null: none of the clips could be heard. */
  score: Score | null;
  /** Clips that are not scored. */
  leftOut: LeftOut[];
}

export interface EvaluateOptions {
  /** Offer all emotions to the choice, not just those that the clips have. */
  open?: boolean;
  onProgress?(done: number): void;
  signal?: AbortSignal;
}

/** Files being decoded ahead of the network. */
const AT_ONCE = 8;

/**
 * The model's answers to `clips`, each heard whole, against their labels.
 * @throws Error if a label is not one of the model's emotions, or the reason of `signal`
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
      return await hearClip(
        clip,
        async (audio) => {
          const [{ probabilities }] = await recognizer.classify([audio]);
          return { clip, probabilities };
        },
        signal,
      );
    } finally {
      // Of a run that was stopped nobody draws the progress any more.
      if (!signal?.aborted) onProgress(++done);
    }
  });
  // A Ctrl-C reaches the decoders too: what they gave up then is no fault of the clips.
  signal?.throwIfAborted();
  const heard = answers.filter((one) => "probabilities" in one);
  const leftOut = answers.filter((one) => "reason" in one);
  if (!heard.length) return { score: null, leftOut };
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
    leftOut,
  };
}
