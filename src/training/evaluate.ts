// Measuring a model file on clips, through the recogniser that people use. Knows no training.
import type { Recognizer } from "../recognizer/index.node.ts";
import { type Clip, mapLimited } from "./corpora/index.ts";
import { type ByGender, byGender } from "./genders.ts";
import { hearClip, type LeftOut } from "./hear-clip.ts";
import { presentLabels, type Score, score } from "./metrics.ts";

export interface Measured {
  /** null: none of the clips could be heard. */
  score: Score | null;
  /** The same of women and of men by themselves, over the labels that all the clips have; where it is said who is which. */
  byGender: ByGender<Score>;
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
  if (!heard.length) return { score: null, byGender: {}, leftOut };
  const truthOf = (own: typeof heard) => own.map(({ clip }) => labels.indexOf(clip.emotion));
  const missing = heard.find(({ clip }) => !labels.includes(clip.emotion));
  if (missing) {
    throw new Error(
      `${missing.clip.file} is ${missing.clip.emotion}, and the model knows only ${labels.join(", ")}; leave such clips out`,
    );
  }
  const offered = open ? undefined : presentLabels(truthOf(heard));
  const scoreOf = (own: typeof heard) =>
    score({
      truth: truthOf(own),
      probabilities: own.map(({ probabilities }) => probabilities),
      ...{ labels, offered, threshold: recognizer.card.threshold ?? undefined },
      speakers: own.map(({ clip }) => clip.speaker),
    });
  return {
    score: scoreOf(heard),
    byGender: byGender(heard, scoreOf),
    leftOut,
  };
}
