// A model file on clips it never heard, corpus by corpus, with and without knowing the voices. Knows no training.
import { type ClipAnswer, doubtOf, type Recognizer, voiceOf } from "../recognizer/index.node.ts";
import { type Clip, mapLimited, speakerIsKnown } from "./corpora/index.ts";
import { type ByGender, byGender } from "./genders.ts";
import { hearClip, type LeftOut } from "./hear-clip.ts";
import { presentLabels, type Score, score } from "./metrics.ts";

/** What a model scores on the clips of one corpus. */
export interface PartScore {
  corpus: string;
  /** One clip at a time, nothing known of who speaks. */
  score: Score;
  /** The same of women and of men by themselves, over the labels that the corpus has; where it says who is which. */
  byGender?: ByGender<Score>;
  /**
   * Every speaker calibrated by all of his clips, whose emotions nobody says: as published work does. Clips of speakers who
   * are not named or have too few are heard as before; where that is all of them, there is no such score.
   */
  byAllClips?: Score;
  /** The same of women and of men. */
  byAllClipsAndGender?: ByGender<Score>;
  /** How many speakers could be calibrated so. */
  voices?: { known: number; speakers: number };
  /**
   * Every speaker calibrated by his neutral clips, which are then not scored: as a person would do it. Beside it the same
   * clips with nothing known.
   */
  byNeutralClips?: { calibrated: Score; unknown: Score };
}

export interface Parts {
  /** All clips at once, the labels of every corpus offered to each of them; null: none could be heard. */
  whole: Score | null;
  /** In the order in which the clips come to them. */
  parts: PartScore[];
  leftOut: LeftOut[];
}

interface Heard {
  clip: Clip;
  /** Empty where nobody will hear it again: thousands of clips are a lot of memory. */
  audio: Float32Array;
  answer: ClipAnswer;
}

export interface MeasureOptions {
  /** Whether to measure with calibrated voices too; every clip's sound then stays in memory. */
  voices: boolean;
  /** Offer all the model's emotions to the choice, not just those that the corpus has. */
  open?: boolean;
  /** Clips that are not measured, but tell too what emotions a measured corpus has. */
  beside?: readonly Clip[];
  /** After each clip, the first time it is heard. */
  onProgress?(done: number): void;
  signal?: AbortSignal;
}

/** Files being decoded ahead of the network. */
const AT_ONCE = 8;
/** Clips that a calibration takes at least. */
const LEAST_CLIPS = 4;

/**
 * The model's answers to `clips`, each heard whole, against their labels.
 *
 * @throws Error if a label is not one of the model's emotions, or the reason of `signal`
 */
export async function measureParts(
  recognizer: Recognizer,
  clips: readonly Clip[],
  { voices, open = false, beside = [], onProgress = () => {}, signal }: MeasureOptions,
): Promise<Parts> {
  const hear = async (clip: Clip, audio: Float32Array): Promise<Heard> => {
    const [answer] = await recognizer.classify([audio]);
    return { clip, audio: voices ? audio : new Float32Array(0), answer: answer! };
  };
  let done = 0;
  const all = await mapLimited(clips, AT_ONCE, async (clip) => {
    signal?.throwIfAborted();
    const one = await hearClip(clip, (audio) => hear(clip, audio), signal);
    // Of a run that was stopped nobody draws the progress any more.
    if (!signal?.aborted) onProgress(++done);
    return one;
  });
  // A Ctrl-C reaches the decoders too: what they gave up then is no fault of the clips.
  signal?.throwIfAborted();
  const heard = all.filter((one) => "answer" in one);
  const leftOut = all.filter((one) => "reason" in one);
  if (heard.length === 0) return { whole: null, parts: [], leftOut };
  requireKnown(heard, recognizer.card.emotions);
  const parts: PartScore[] = [];
  const clipsOf = (own: readonly Heard[]) => own.map(({ clip }) => clip);
  const scorerOf = (having: readonly Clip[]) => scorer(recognizer, open ? null : having);
  for (const [corpus, own] of Map.groupBy(heard, ({ clip }) => clip.corpus)) {
    const scoreOf = scorerOf([...clipsOf(own), ...beside.filter((clip) => clip.corpus === corpus)]);
    parts.push({ corpus, ...(await measurePart(recognizer, own, scoreOf, voices, signal)) });
  }
  const measured = new Set(parts.map(({ corpus }) => corpus));
  const whole = scorerOf([...clipsOf(heard), ...beside.filter(({ corpus }) => measured.has(corpus))])(heard);
  return { whole, parts, leftOut };
}

function requireKnown(heard: readonly Heard[], labels: readonly string[]): void {
  const stranger = heard.find(({ clip }) => !labels.includes(clip.emotion))?.clip;
  if (!stranger) return;
  throw new Error(
    `${stranger.file} is ${stranger.emotion}, and the model knows only ${labels.join(", ")}; leave such clips out`,
  );
}

/** Scores answers among the emotions of `having`; `null`: among all that the model knows. */
function scorer({ card }: Recognizer, having: readonly Clip[] | null): (heard: readonly Heard[]) => Score {
  const labels = card.emotions;
  const placeOf = ({ emotion }: Clip) => labels.indexOf(emotion);
  const offered = having ? presentLabels(having.map(placeOf).filter((place) => place >= 0)) : undefined;
  return (heard) =>
    score({
      truth: heard.map(({ clip }) => placeOf(clip)),
      probabilities: heard.map(({ answer }) => answer.probabilities),
      ...{ labels, offered },
      answered: heard.map(({ answer: { probabilities, unlikeness } }) => {
        return doubtOf(card, { confidence: Math.max(...probabilities), unlikeness }) === undefined;
      }),
      speakers: heard.map(({ clip }) => clip.speaker),
    });
}

async function measurePart(
  recognizer: Recognizer,
  own: readonly Heard[],
  scoreOf: (heard: readonly Heard[]) => Score,
  voices: boolean,
  signal: AbortSignal | undefined,
): Promise<Omit<PartScore, "corpus">> {
  const genders = byGender(own, scoreOf);
  const gendersKnown = Object.keys(genders).length > 0;
  const plain = { score: scoreOf(own), ...(gendersKnown && { byGender: genders }) };
  if (!voices) return plain;
  const named = Map.groupBy(
    own.filter(({ clip }) => speakerIsKnown(clip)),
    ({ clip }) => clip.speaker,
  );
  const speakers = [...named.values()].filter((clips) => clips.length >= LEAST_CLIPS);
  if (speakers.length === 0) return plain;
  const calibrable = new Set(speakers.flat());
  const byAll = speakers.map((clips) => ({ clips, usual: clips }));
  const known = [...(await again(recognizer, byAll, signal)), ...own.filter((one) => !calibrable.has(one))];
  const calibrated = {
    ...plain,
    byAllClips: scoreOf(known),
    ...(gendersKnown && { byAllClipsAndGender: byGender(known, scoreOf) }),
    voices: { known: speakers.length, speakers: named.size },
  };
  const withNeutral = speakers
    .map((clips) => Map.groupBy(clips, ({ clip }) => clip.emotion === "neutral"))
    .flatMap((split) => {
      const [neutral, others] = [split.get(true) ?? [], split.get(false) ?? []];
      return neutral.length >= LEAST_CLIPS && others.length > 0 ? [{ usual: neutral, clips: others }] : [];
    });
  if (withNeutral.length === 0) return calibrated;
  const byNeutral = scoreOf(await again(recognizer, withNeutral, signal));
  const unknown = scoreOf(withNeutral.flatMap(({ clips }) => clips));
  return { ...calibrated, byNeutralClips: { calibrated: byNeutral, unknown } };
}

/** Every speaker's `clips` heard again, with the voice that his `usual` clips give. */
async function again(
  recognizer: Recognizer,
  speakers: readonly { clips: readonly Heard[]; usual: readonly Heard[] }[],
  signal: AbortSignal | undefined,
): Promise<Heard[]> {
  const heard: Heard[] = [];
  // One after another: the model fills the cores with one speaker's clips, and each more would only take memory.
  for (const { clips, usual } of speakers) {
    signal?.throwIfAborted();
    const features = usual.map(({ answer }) => answer.voiceFeatures);
    const voice = voiceOf(features, recognizer.card.usual);
    const answers = await recognizer.classify(
      clips.map(({ audio }) => audio),
      { voice },
    );
    heard.push(...clips.map((one, i) => ({ ...one, answer: answers[i]! })));
  }
  return heard;
}
