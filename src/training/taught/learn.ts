// Learning from a teacher: an encoder without labels, then heads that are fitted to them. Knows encoders and heads, no graphs.
import { join } from "node:path";
import type { Network } from "../../models/index.ts";
import { bufferPlaces, initialBuffers } from "../../nn/index.ts";
import {
  type EncoderPlace,
  isStop,
  type Learnt,
  requireTeacher,
  StoppedError,
  stepReporter,
  type TrainOptions,
} from "../learn.ts";
import type { Weights } from "../trainer.ts";
import { embed, embeddingsFor, nameOf } from "./embeddings.ts";
import { trainEncoder } from "./encoder.ts";
import { fitHeads } from "./fit.ts";
import type { Head } from "./regression.ts";
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
    const known = tuned
      ? await embed([...split.train, ...split.validation], { ...common, weights, behind: split.train })
      : embeddings;
    const { heads, ...rest } = await fitHeads(options, place, known);
    const silent = [...encoder.leftOut, ...embeddings.leftOut].map(({ clip }) => clip);
    // Without labels it has learnt from these voices too; which clips of them the heads know is told already.
    const told = new Set([...rest.clips, ...silent].map(nameOf));
    const taught = teacher === null ? [] : place.clips.filter((clip) => !told.has(nameOf(clip)));
    return {
      ...{ ...rest, clips: [...rest.clips, ...taught] },
      ...{ weights: withHeads(weights, network, heads), temperature: 1, interrupted: false },
      ...{ history: [...encoder.history, ...(tuned?.history ?? [])], leftOut: embeddings.leftOut },
    };
  } catch (error) {
    throw isStop(error, signal) ? new StoppedError(ON_THE_WAY) : error;
  }
}

const ON_THE_WAY = "stopped before the encoder had learnt; what is done is kept, and --resume goes on";

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
