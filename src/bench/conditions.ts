// How much a model loses where the recording is worse, on voices that it never heard. Knows a data folder, prints nothing.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeDecoders } from "../audio/index.node.ts";
import { loadRecognizer, modelId, type Recognizer } from "../recognizer/index.node.ts";
import { type Clip, hearClip, readCorpora, score } from "../training/index.ts";
import { type AnalyzeRow, analyzeTimes } from "./analyze-time.ts";
import { type Condition, conditionsOf } from "./circumstances.ts";
import { classesOf, drawEvenly, ownClassesOf, UnseenError, unseenClips } from "./unseen.ts";

export interface ConditionsRow {
  bench: "conditions";
  condition: string;
  /** Measured, each on its own unseen voices. */
  models: number;
  /** Of all models together. */
  clips: number;
  /** Means over the models of means over their corpora; each corpus is offered its own classes. */
  uar: number;
  wa: number;
  /** UAR when clean, less this one: points of a hundred. */
  lossPoints: number;
  /** Of a level: the largest change of any probability of any clip. */
  largestChange?: number;
  parts: ConditionPart[];
}

/** What one model scores on one corpus. */
export interface ConditionPart {
  model: string;
  corpus: string;
  clips: number;
  uar: number;
  wa: number;
}

export interface ConditionsBenchOptions {
  models: readonly string[];
  /** A folder with a folder per corpus, and perhaps `noise`. */
  data: string;
  /** Of each model. */
  clips: number;
  seed: number;
  onProgress(what: string): void;
  /** A clip more of this model. */
  onClip?(done: number, total: number): void;
  /** Told which condition or clip is left out, and why. */
  onMissing(why: string): void;
}

/** @throws UnseenError, CorpusError, ModelError */
export async function* conditionsBench(
  options: ConditionsBenchOptions,
): AsyncGenerator<ConditionsRow | AnalyzeRow> {
  const folder = await mkdtemp(join(tmpdir(), "undertone-"));
  try {
    const conditions = await conditionsOf({ ...options, folder });
    const tables: ConditionPart[][][] = [];
    const largest = conditions.map(() => 0);
    let sample: Float32Array | undefined;
    for (const path of options.models) {
      const recognizer = await loadRecognizer(path);
      try {
        const heard = await hearAll(recognizer, path, conditions, options);
        sample ??= heard[0]!.sound;
        tables.push(conditions.map((_, i) => partsOf(recognizer, path, heard, i)));
        for (const [i, most] of largest.entries()) largest[i] = Math.max(most, largestChange(heard, i));
      } finally {
        await recognizer.dispose();
      }
    }
    const means = (i: number, what: "uar" | "wa") =>
      mean(tables.map((table) => mean(table[i]!.map((part) => part[what]))));
    for (const [i, { name, level }] of conditions.entries()) {
      const parts = tables.flatMap((table) => table[i]!);
      const clips = parts.reduce((sum, part) => sum + part.clips, 0);
      const [uar, wa] = [means(i, "uar"), means(i, "wa")];
      yield {
        ...{ bench: "conditions", condition: name, models: tables.length, clips, uar, wa },
        lossPoints: 100 * (means(0, "uar") - uar),
        ...(level && { largestChange: largest[i]! }),
        parts,
      };
    }
    options.onProgress("conditions: the time of an answer");
    yield* await analyzeTimes(options.models[0]!, sample!);
  } finally {
    await closeDecoders();
    await rm(folder, { recursive: true });
  }
}

interface Heard {
  clip: Clip;
  sound: Float32Array;
  /** `[conditions][emotions]` */
  probabilities: Float32Array[];
  /** Classes that the clip's corpus has, of the model's, as indices. */
  offered: number[];
}

async function hearAll(
  recognizer: Recognizer,
  path: string,
  conditions: readonly Condition[],
  { data, clips: count, seed, onProgress, onClip, onMissing }: ConditionsBenchOptions,
): Promise<Heard[]> {
  const { card } = recognizer;
  const { clips } = await readCorpora(data, { ownClasses: ownClassesOf(card) });
  const unseen = unseenClips(clips, card, path);
  const offered = new Map(
    [...Map.groupBy(unseen, ({ corpus }) => corpus)].map(([corpus, own]) => [corpus, classesOf(own, card)]),
  );
  const drawn = drawEvenly(unseen, count, seed);
  const of = `${drawn.length} of ${unseen.length} clips of voices that it never heard`;
  onProgress(`conditions: ${modelId(card)}, ${path}: ${of}`);
  const heard: Heard[] = [];
  for (const [i, clip] of drawn.entries()) {
    const one = await hearClip(clip, async (sound) => {
      const sounds: Float32Array[] = [];
      for (const { apply } of conditions) sounds.push(await apply(sound, clip));
      const answers = await recognizer.classify(sounds);
      const probabilities = answers.map((answer) => answer.probabilities);
      return { clip, sound, probabilities, offered: offered.get(clip.corpus)! };
    });
    if ("reason" in one) onMissing(`${clip.file}: ${one.reason}`);
    else heard.push(one);
    onClip?.(i + 1, drawn.length);
  }
  if (heard.length === 0) throw new UnseenError(`${path}: not one of ${of} could be heard`);
  return heard;
}

function partsOf(
  { card }: Recognizer,
  model: string,
  heard: readonly Heard[],
  condition: number,
): ConditionPart[] {
  return [...Map.groupBy(heard, ({ clip }) => clip.corpus)].map(([corpus, own]) => {
    const { clips, uar, wa } = score({
      truth: own.map(({ clip }) => card.emotions.indexOf(clip.emotion)),
      probabilities: own.map(({ probabilities }) => probabilities[condition]!),
      labels: card.emotions,
      offered: own[0]!.offered,
    });
    return { model, corpus, clips, uar, wa };
  });
}

/** Against the clean clip, which is the first condition. */
function largestChange(heard: readonly Heard[], condition: number): number {
  return heard.reduce((most, { probabilities }) => {
    const clean = probabilities[0]!;
    return probabilities[condition]!.reduce((far, p, k) => Math.max(far, Math.abs(p - clean[k]!)), most);
  }, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
