// Heads of what an encoder hears, and how sure they may be: who learns, and who judges. Knows which clips are whose, no sound.
import { type Usual, usualOf } from "../../speech/index.ts";
import { type Clip, CorpusError } from "../corpora/index.ts";
import { type EncoderPlace, scoreLogits, type TrainOptions } from "../learn.ts";
import type { Score } from "../metrics.ts";
import { confidenceAcross, temperatureOf, tempered } from "./confidence.ts";
import { type Embeddings, type HeardClip, nameOf, viewsOf } from "./embeddings.ts";
import { fitPlainHead, fitVoiceHead, logitsOf } from "./heads.ts";
import type { Head } from "./regression.ts";
import { type Embedded, relativeTo, seenBothWays, usualOfAll } from "./speakers.ts";

/** How often clips of the corpora that a model is measured on count beside others that it learns from too. */
const AT_HOME = 16;

export interface FittedHeads {
  heads: { plain: Head; voiced?: Head };
  /** The confidence below which it is uncertain, where corpora never heard could tell. */
  threshold?: number;
  usual: Usual;
  /** Of clips that neither heads nor, where it can be helped, the encoder had heard. */
  validation: Score;
  /** What the heads have learnt from. */
  clips: Clip[];
}

/**
 * Both heads, their confidence fitted to voices that neither they nor the encoder, where it can be helped, have heard.
 * Only then do they learn from the validation voices too, which have decided by then what they were there for.
 * @throws CorpusError where too few clips can be heard
 * @throws Error where nobody asked what the encoder hears in a clip: without it another run would stand under this one's name
 */
export async function fitHeads(
  { recipe, split }: Pick<TrainOptions, "recipe" | "split">,
  place: EncoderPlace,
  { heard, leftOut }: Embeddings,
): Promise<FittedHeads> {
  const { emotions } = recipe;
  const learnt = new Set(split.train.map(({ corpus }) => corpus));
  const home = new Set(split.test.map(({ corpus }) => corpus).filter((corpus) => learnt.has(corpus)));
  const byName = new Map(heard.map((one) => [nameOf(one.clip), one]));
  const silent = new Set(leftOut.map(({ clip }) => nameOf(clip)));
  const of = (clips: readonly Clip[]) =>
    clips.flatMap((clip) => {
      const name = nameOf(clip);
      const one = byName.get(name);
      if (!one && !silent.has(name)) throw new Error(`${name}: nobody asked what the encoder hears in it`);
      return one ?? [];
    });
  // Heard otherwise, somebody is somebody else, of whom something else is usual.
  const embedded = (clips: readonly HeardClip[], view: string): Embedded[] =>
    clips.map(({ clip: { speaker, corpus, emotion }, views }) => ({
      ...{
        embedding: views[view]!,
        speaker: `${view} ${speaker}`,
        corpus,
        target: emotions.indexOf(emotion),
      },
      ...(home.has(corpus) && { counts: AT_HOME }),
    }));
  const views = viewsOf(recipe);
  const inAllViews = (clips: readonly HeardClip[]) => views.flatMap((view) => embedded(clips, view));
  const [train, validation] = [of(split.train), of(split.validation)];
  const heardBefore = new Set(place.clips.map(nameOf));
  const unheard = validation.filter(({ clip }) => !heardBefore.has(nameOf(clip)));
  const strange = unheard.length > 0 ? unheard : validation;
  const [clean, strangers] = [embedded(train, "clean"), embedded(strange, "clean")];
  if (new Set(clean.map(({ target }) => target)).size < 2 || strangers.length === 0) {
    throw new CorpusError(
      `of the clips that can be heard, ${clean.length} are left to learn from and ${strangers.length} to fit the ` +
        "confidence to, expected two emotions and one clip at least",
    );
  }
  const everywhere = inAllViews(train);
  const everybody = usualOfAll(everywhere);
  const neutral = emotions.indexOf("neutral");
  const fitPlain = (clips: readonly Embedded[]) => fitPlainHead(clips, emotions.length);
  const fitVoiced = (clips: readonly Embedded[]) => fitVoiceHead(clips, emotions.length, neutral, everybody);
  const seenByVoiced = (clips: readonly Embedded[]) => relativeTo(seenBothWays(clips, everybody, neutral));
  const judges: Judges = {
    ...{ clean, everywhere, strangers },
    // What is at home is no corpus that nobody knows. An encoder that was tuned to corpora knows each, whichever head is asked.
    across: recipe.tuning || home.size > 0 ? [] : corporaToLeaveOut(clean, place.clips),
  };
  const plain = (await judged(judges, fitPlain))!;
  const voiced = await judged(judges, fitVoiced, seenByVoiced);
  const all = [...train, ...validation];
  const [plainOfAll, voicedOfAll] = [
    await fitPlain(inAllViews(all)),
    voiced && (await fitVoiced(inAllViews(all))),
  ];
  const { threshold } = plain;
  return {
    ...(threshold !== undefined && { threshold: Math.round(100 * threshold) / 100 }),
    heads: {
      plain: tempered(plainOfAll, plain.temperature),
      ...(voicedOfAll && { voiced: tempered(voicedOfAll, voiced!.temperature) }),
    },
    // A voice in a noisy room is still a voice: of what is known clean alone, two in five would be unlike at 15 dB.
    usual: usualOf(
      everywhere.map(({ embedding }) => embedding),
      inAllViews(strange).map(({ embedding }) => embedding),
    ),
    validation: scoreLogits(
      strangers.map(({ embedding }) => logitsOf(plain.head, embedding)),
      strangers.map(({ target }) => target),
      recipe,
      plain.temperature,
    ),
    clips: all.map(({ clip }) => clip),
  };
}

/** What heads learn from before they are judged, and by whom they are. */
interface Judges {
  /** What heads learn from as it is, and in all views. */
  clean: readonly Embedded[];
  everywhere: readonly Embedded[];
  /** Validation voices. */
  strangers: readonly Embedded[];
  /** Corpora to leave out in turn instead. */
  across: readonly string[];
}

/**
 * A head of everything, and how sure it may be: by corpora that heads like it have not learnt from, or by strangers.
 * @param see clips as the head takes them
 * @returns null where too few clips of a speaker are there for such a head
 */
async function judged(
  { clean, everywhere, strangers, across }: Judges,
  headOf: (clips: readonly Embedded[]) => Promise<Head | null>,
  see: (clips: readonly Embedded[]) => readonly Embedded[] = (same) => same,
): Promise<{ head: Head; temperature: number; threshold?: number } | null> {
  const head = await headOf(everywhere);
  if (!head) return null;
  const ofCorpora = (clips: readonly Embedded[]) => {
    const own = new Set(clips.map(({ corpus }) => corpus));
    return headOf(everywhere.filter(({ corpus }) => own.has(corpus)));
  };
  const sure = await confidenceAcross(clean, across, ofCorpora, see);
  return { head, ...(sure ?? { temperature: temperatureOf(head, see(strangers)) }) };
}

/** Those of some clips that an encoder has not heard, where there are such; else all of them. */
function corporaToLeaveOut(clips: readonly Embedded[], encoderHeard: readonly Clip[]): string[] {
  const corpora = [...new Set(clips.map(({ corpus }) => corpus))];
  const known = new Set(encoderHeard.map(({ corpus }) => corpus));
  const unheard = corpora.filter((corpus) => !known.has(corpus));
  return unheard.length > 0 ? unheard : corpora;
}
