// How many clips of a voice it takes to know it: voices that a model never heard, calibrated by few and by more. Prints nothing.
import { closeDecoders } from "../audio/index.node.ts";
import {
  type ClipAnswer,
  loadRecognizer,
  modelId,
  type Recognizer,
  voiceOf,
} from "../recognizer/index.node.ts";
import { type Clip, hearClip, Random, readCorpora, score } from "../training/index.ts";
import { SAMPLE_RATE } from "./sound.ts";
import { classesOf, ownClassesOf, UnseenError, unseenClips } from "./unseen.ts";

export interface VoicesRow {
  bench: "voice";
  /** What calibrates: any clips of the speaker, whose emotions nobody says, or neutral ones. */
  by: "any" | "neutral";
  /** So many of each speaker; 0: nothing is known of him. */
  clips: number;
  /** Mean of their length together. */
  seconds: number;
  models: number;
  speakers: number;
  /** Clips that are measured: others than those that calibrate, and the same whatever their number. */
  measured: number;
  /** Mean over the corpora of all models, each of unseen voices, which are offered its classes. */
  uar: number;
  /** UAR less that of unknown voices: points of a hundred. */
  gain: number;
}

export interface VoicesBenchOptions {
  models: readonly string[];
  /** A folder with a folder per corpus. */
  data: string;
  /** Of each corpus at most. */
  speakers: number;
  seed: number;
  onProgress(what: string): void;
  onClip?(done: number, total: number): void;
  onMissing(why: string): void;
}

/** How many clips calibrate. Of neutral ones small corpora have no more. */
const COUNTS = { any: [0, 1, 2, 4, 8, 16], neutral: [0, 1, 2, 4] } as const;
type By = keyof typeof COUNTS;
const WAYS = ["any", "neutral"] as const;
/** Clips of a speaker that are measured, at least and at most. */
const MEASURED = [8, 24] as const;

interface Heard {
  clip: Clip;
  sound: Float32Array;
  answer: ClipAnswer;
}

/** What is said of the clips of one corpus, in one way and count. */
interface Part {
  uar: number;
  seconds: number[];
  measured: number;
}

/** @throws UnseenError, CorpusError, ModelError */
export async function* voicesBench(options: VoicesBenchOptions): AsyncGenerator<VoicesRow> {
  const parts = new Map<string, Part[][]>(WAYS.map((by) => [by, []]));
  try {
    for (const path of options.models) {
      const recognizer = await loadRecognizer(path);
      try {
        const { card } = recognizer;
        const { clips } = await readCorpora(options.data, { ownClasses: ownClassesOf(card) });
        const unseen = unseenClips(clips, card, path);
        for (const by of WAYS)
          parts.get(by)!.push(...(await measured(recognizer, path, unseen, by, options)));
      } finally {
        await recognizer.dispose();
      }
    }
  } finally {
    await closeDecoders();
  }
  if (WAYS.every((by) => parts.get(by)!.length === 0)) {
    throw new UnseenError(
      `${options.models.join(", ")}: no speaker that they never heard has ${COUNTS.any.at(-1)} clips and ${MEASURED[0]} others; ` +
        "name a folder with more of each speaker by --data",
    );
  }
  for (const by of WAYS) {
    const corpora = parts.get(by)!;
    if (corpora.length === 0) continue;
    const uars = COUNTS[by].map((_, i) => mean(corpora.map((counts) => counts[i]!.uar)));
    for (const [i, clips] of COUNTS[by].entries()) {
      const own = corpora.map((counts) => counts[i]!);
      const seconds = own.flatMap((part) => part.seconds);
      const of = { models: options.models.length, speakers: seconds.length, seconds: mean(seconds) };
      const all = own.reduce((sum, part) => sum + part.measured, 0);
      yield {
        ...{ bench: "voice", by, clips, ...of },
        measured: all,
        uar: uars[i]!,
        gain: 100 * (uars[i]! - uars[0]!),
      };
    }
  }
}

/** Of each corpus of unseen voices: what each count of clips comes to. */
async function measured(
  recognizer: Recognizer,
  path: string,
  unseen: readonly Clip[],
  by: By,
  { speakers: most, seed, onProgress, onClip, onMissing }: VoicesBenchOptions,
): Promise<Part[][]> {
  const { card } = recognizer;
  const parts: Part[][] = [];
  for (const [corpus, own] of Map.groupBy(unseen, (clip) => clip.corpus)) {
    const drawn = [...Map.groupBy(own, ({ speaker }) => speaker)].flatMap(
      ([speaker, clips]) => drawnOf(clips, by, new Random(seed, `${by} ${speaker}`)) ?? [],
    );
    const some = new Random(seed, corpus).shuffle(drawn).slice(0, most);
    if (some.length === 0) {
      onMissing(
        `${path}: no speaker of ${corpus} has ${COUNTS[by].at(-1)} ${by === "any" ? "" : "neutral "}clips and ${MEASURED[0]} others`,
      );
      continue;
    }
    onProgress(`voice: ${modelId(card)}, ${path}: ${some.length} speakers of ${corpus}, by ${by} clips`);
    const total = some.reduce((sum, { usual, others }) => sum + usual.length + others.length, 0);
    let done = 0;
    const hear = async (clips: readonly Clip[]) => {
      const heard: Heard[] = [];
      for (const clip of clips) {
        onClip?.(++done, total);
        const one = await hearClip(clip, async (sound): Promise<Heard> => {
          const [answer] = await recognizer.classify([sound]);
          return { clip, sound, answer: answer! };
        });
        if ("reason" in one) onMissing(`${clip.file}: ${one.reason}`);
        else heard.push(one);
      }
      return heard;
    };
    const known: { usual: Heard[]; others: Heard[] }[] = [];
    for (const { usual, others } of some)
      known.push({ usual: await hear(usual), others: await hear(others) });
    const offered = classesOf(own, card);
    const counts: Part[] = [];
    for (const count of COUNTS[by]) counts.push(await partOf(recognizer, known, count, offered));
    parts.push(counts);
  }
  return parts;
}

/** Clips that calibrate, the first of them first, and others to measure; null: the speaker has too few. */
function drawnOf(clips: readonly Clip[], by: By, random: Random): { usual: Clip[]; others: Clip[] } | null {
  const count = COUNTS[by].at(-1)!;
  const shuffled = random.shuffle([...clips]);
  const usual = shuffled.filter(({ emotion }) => by === "any" || emotion === "neutral").slice(0, count);
  const rest = shuffled.filter((clip) => (by === "any" ? !usual.includes(clip) : clip.emotion !== "neutral"));
  const [least, most] = MEASURED;
  return usual.length < count || rest.length < least ? null : { usual, others: rest.slice(0, most) };
}

async function partOf(
  recognizer: Recognizer,
  speakers: readonly { usual: readonly Heard[]; others: readonly Heard[] }[],
  count: number,
  offered: readonly number[],
): Promise<Part> {
  const { emotions, usual: usualOfAll } = recognizer.card;
  const answers: { clip: Clip; probabilities: Float32Array }[] = [];
  const seconds: number[] = [];
  for (const { usual, others } of speakers) {
    const first = usual.slice(0, count);
    seconds.push(first.reduce((sum, { sound }) => sum + sound.length / SAMPLE_RATE, 0));
    const voice =
      first.length > 0
        ? voiceOf(
            first.map(({ answer }) => answer.voiceFeatures),
            usualOfAll,
          )
        : undefined;
    const said = await recognizer.classify(
      others.map(({ sound }) => sound),
      { voice },
    );
    answers.push(...others.map(({ clip }, i) => ({ clip, probabilities: said[i]!.probabilities })));
  }
  const { uar } = score({
    truth: answers.map(({ clip }) => emotions.indexOf(clip.emotion)),
    probabilities: answers.map(({ probabilities }) => probabilities),
    ...{ labels: emotions, offered },
  });
  return { uar, seconds, measured: answers.length };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
