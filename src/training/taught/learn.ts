// Learning from a teacher: an encoder without labels, then heads that are fitted to them. Knows encoders and heads, no graphs.
import { join } from "node:path";
import type { Network } from "../../models/index.ts";
import { bufferPlaces, initialBuffers } from "../../nn/index.ts";
import { usualOf } from "../../speech/index.ts";
import { type Clip, CorpusError } from "../corpora/index.ts";
import {
  type EncoderPlace,
  isStop,
  type Learnt,
  requireTeacher,
  StoppedError,
  scoreLogits,
  stepReporter,
  type TrainOptions,
} from "../learn.ts";
import type { Weights } from "../trainer.ts";
import { confidenceAcross, leastTemperatures, temperatureOf, tempered } from "./confidence.ts";
import { embed, embeddingsFor, type HeardClip, nameOf, VIEWS, type View } from "./embeddings.ts";
import { trainEncoder } from "./encoder.ts";
import { fitPlainHead, fitVoiceHead, logitsOf } from "./heads.ts";
import type { Head } from "./regression.ts";
import { type Embedded, relativeToSpeaker, usualOfAll } from "./speakers.ts";
import { tuneEncoder } from "./tuning.ts";

/**
 * @throws CorpusError where no teacher is named, or too few clips can be heard
 * @throws StoppedError where `signal` ends it
 */
export async function learnFromTeacher(options: TrainOptions, network: Network): Promise<Learnt> {
  const { recipe, split, seed, epochs, workers, cache, signal } = options;
  const teacher = requireTeacher(options);
  const place: EncoderPlace = options.encoder ?? {
    folder: join(options.out, "encoder"),
    clips: split.train,
    uses: [...split.train, ...split.validation],
  };
  const common = { recipe, seed, workers, teacher, cache, signal, onDecode: options.onDecode };
  try {
    const encoder = await trainEncoder({
      ...{ ...common, clips: place.clips, folder: place.folder, epochs },
      onStep: stepReporter(options, recipe.epochClips ?? place.clips.length),
      onEpoch: options.onEpoch,
    });
    const embeddings = await embeddingsFor(place, { ...common, weights: encoder.weights });
    const { tuning } = recipe;
    const tuned =
      tuning &&
      (await tuneEncoder({
        ...{ ...common, tuning, encoder: encoder.weights, clips: split.train, scaledBy: place.clips },
        ...{ heard: embeddings.heard, folder: join(options.out, "tuning"), epochs: tuning.epochs },
        onStep: stepReporter({ ...options, epochs: tuning.epochs }, split.train.length),
        onEpoch: options.onEpoch,
      }));
    const { weights } = tuned ?? encoder;
    const { heard } = tuned
      ? await embed([...split.train, ...split.validation], { ...common, weights, behind: split.train })
      : embeddings;
    const { heads, ...rest } = await fitted(options, place, heard);
    return {
      ...rest,
      ...{ weights: withHeads(weights, network, heads), temperature: 1, interrupted: false },
      ...{ history: [...encoder.history, ...(tuned?.history ?? [])], leftOut: embeddings.leftOut },
    };
  } catch (error) {
    throw isStop(error, signal) ? new StoppedError(ON_THE_WAY) : error;
  }
}

const ON_THE_WAY = "stopped before the encoder had learnt; what is done is kept, and --resume goes on";

/**
 * Both heads, their confidence fitted to voices that neither they nor the encoder, where it can be helped, have heard.
 * Only then do they learn from the validation voices too, which have decided by then what they were there for.
 */
async function fitted({ recipe, split }: TrainOptions, place: EncoderPlace, heard: readonly HeardClip[]) {
  const { emotions } = recipe;
  const byName = new Map(heard.map((one) => [nameOf(one.clip), one]));
  const of = (clips: readonly Clip[]) => clips.flatMap((clip) => byName.get(nameOf(clip)) ?? []);
  // Heard otherwise, somebody is somebody else, of whom something else is usual.
  const embedded = (clips: readonly HeardClip[], view: View): Embedded[] =>
    clips.map(({ clip: { speaker, corpus, emotion }, [view]: embedding }) => ({
      ...{ embedding, speaker: `${view} ${speaker}`, corpus, target: emotions.indexOf(emotion) },
    }));
  const [train, validation] = [of(split.train), of(split.validation)];
  const clean = embedded(train, "clean");
  const heardBefore = new Set(place.clips.map(nameOf));
  const unheardClips = validation.filter(({ clip }) => !heardBefore.has(nameOf(clip)));
  const strange = unheardClips.length > 0 ? unheardClips : validation;
  const strangers = embedded(strange, "clean");
  if (new Set(clean.map(({ target }) => target)).size < 2 || strangers.length === 0) {
    throw new CorpusError(
      `of the clips that can be heard, ${clean.length} are left to learn from and ${strangers.length} to fit the ` +
        "confidence to, expected two emotions and one clip at least",
    );
  }
  const inAllViews = (clips: readonly HeardClip[]) => VIEWS.flatMap((view) => embedded(clips, view));
  const everywhere = inAllViews(train);
  const everybody = usualOfAll(everywhere);
  const neutral = emotions.indexOf("neutral");
  const fitPlain = (clips: readonly Embedded[]) => fitPlainHead(clips, emotions.length);
  const fitVoiced = (clips: readonly Embedded[]) => fitVoiceHead(clips, emotions.length, neutral, everybody);
  /** From all that is heard of the corpora of some clips. */
  const everywhereOf = <T>(head: (clips: readonly Embedded[]) => T) => {
    return (clips: readonly Embedded[]) => {
      const own = new Set(clips.map(({ corpus }) => corpus));
      return head(everywhere.filter(({ corpus }) => own.has(corpus)));
    };
  };
  const corpora = [...new Set(clean.map(({ corpus }) => corpus))];
  const known = new Set(place.clips.map(({ corpus }) => corpus));
  const unheard = corpora.filter((corpus) => !known.has(corpus));
  // An encoder that was tuned to corpora knows each of them, whichever head is asked.
  const across = recipe.tuning ? [] : unheard.length > 0 ? unheard : corpora;
  const plainHead = await fitPlain(everywhere);
  const sure = await confidenceAcross(clean, across, everywhereOf(fitPlain));
  const least = leastTemperatures(clean, strangers);
  const temperature = sure?.temperature ?? temperatureOf(plainHead, strangers, least.plain);
  const voicedHead = await fitVoiced(everywhere);
  // By all clips, and as people do it, by ordinary speech.
  const bySpeaker = (clips: readonly Embedded[]) => [
    ...relativeToSpeaker(clips, everybody),
    ...relativeToSpeaker(clips, everybody, ({ target }) => target === neutral),
  ];
  const voicedTemperature =
    voicedHead &&
    ((await confidenceAcross(clean, across, everywhereOf(fitVoiced), bySpeaker))?.temperature ??
      temperatureOf(voicedHead, bySpeaker(strangers), least.voiced));
  // A voice in a noisy room is still a voice: of what is known clean alone, two in five would be unlike at 15 dB.
  const usual = usualOf(
    everywhere.map(({ embedding }) => embedding),
    inAllViews(strange).map(({ embedding }) => embedding),
  );
  const validated = scoreLogits(
    strangers.map(({ embedding }) => logitsOf(plainHead, embedding)),
    strangers.map(({ target }) => target),
    recipe,
    temperature,
  );
  const all = [...train, ...validation];
  const plain = await fitPlain(inAllViews(all));
  const voiced = voicedTemperature && (await fitVoiced(inAllViews(all)));
  const heads = {
    plain: tempered(plain, temperature),
    ...(voiced && { voiced: tempered(voiced, voicedTemperature) }),
  };
  const threshold = sure && Math.round(100 * sure.threshold) / 100;
  return {
    ...(threshold && { threshold }),
    heads,
    usual,
    validation: validated,
    clips: all.map(({ clip }) => clip),
  };
}

/** The encoder's weights in a network of other classes, with heads by the names of their modules. */
function withHeads({ parameters }: Weights, network: Network, heads: Record<string, Head>): Weights {
  const places = bufferPlaces(network);
  const buffers = initialBuffers(network);
  for (const { path, offset } of places) {
    const [name, part] = path.split(".") as [string, keyof Head];
    if (heads[name]) buffers.set(heads[name][part], offset);
  }
  return { parameters, buffers };
}
