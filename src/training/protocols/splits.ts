// A protocol and clips -> splits. Knows clips, not sound.
import type { ClassName, Clip } from "../corpora/index.ts";
import { CorpusError } from "../corpora/index.ts";
import { Random } from "../random.ts";
import { type Split, takeSentences } from "../splits.ts";
import { corporaOf, type Fold, type Protocol, type Voices } from "./protocol.ts";

/**
 * The splits of a protocol, one a fold, in its order. What stands on both sides all the same (sentences, recordings) is
 * for `findLeaks` to say.
 *
 * @param clips read with the protocol's classes as `ownClasses`
 * @throws CorpusError where a corpus or a voice is not there: a protocol on part of its data is another protocol
 */
export function splitsOf(protocol: Protocol, clips: readonly Clip[], seed: number): Split[] {
  const there = new Set(clips.map(({ corpus }) => corpus));
  const missing = corporaOf(protocol).filter((corpus) => !there.has(corpus));
  if (missing.length > 0) {
    throw new CorpusError(
      `protocol ${protocol.name}: the data folder has no clips of ${missing.join(", ")}, expected ` +
        `${corporaOf(protocol).join(", ")}; add them, or choose another protocol`,
    );
  }
  return protocol.folds.map((fold) => splitOf(protocol, fold, clips, seed));
}

function splitOf(protocol: Protocol, fold: Fold, clips: readonly Clip[], seed: number): Split {
  const part = (voices: readonly Voices[]) => voices.flatMap((one) => chosen(protocol, one, clips));
  const test = part(fold.test);
  const taught = part(fold.train);
  const { validation } = fold;
  const random = new Random(seed, `validation without ${fold.name}`);
  const [choosing, train] =
    "voices" in validation
      ? [part(validation.voices), taught]
      : takeSentences(taught, validation.sentences, random);
  const split: Split = {
    ...{ train, validation: choosing, test },
    protocol: `unseen ${fold.unseen}`,
    heldOut: fold.name,
    validationBy: "voices" in validation ? "speaker" : "sentence",
  };
  requireApart(protocol, split);
  return split;
}

/** The clips of some voices, in the order of the clips. @throws CorpusError where one that is named is not there */
function chosen(protocol: Protocol, voices: Voices, clips: readonly Clip[]): Clip[] {
  const { corpus, only, except = [], classes = protocol.classes } = voices;
  const own = clips.filter((clip) => clip.corpus === corpus);
  const known = new Set(own.map(({ speaker }) => speaker));
  const named = [...(only ?? []), ...except].filter((voice) => !known.has(`${corpus}/${voice}`));
  if (named.length > 0) {
    throw new CorpusError(
      `protocol ${protocol.name}: the data folder has no clips of ${named.map((v) => `${corpus}/${v}`).join(", ")}, ` +
        `which it names; the whole of ${corpus} is needed`,
    );
  }
  const wanted = new Set<ClassName>(classes);
  const whose = only && new Set(only.map((voice) => `${corpus}/${voice}`));
  const not = new Set(except.map((voice) => `${corpus}/${voice}`));
  return own.filter(
    ({ speaker, emotion }) => wanted.has(emotion) && !not.has(speaker) && (!whose || whose.has(speaker)),
  );
}

/** A protocol whose data let a voice stand on two sides would lie in every figure. */
function requireApart({ name }: Protocol, { train, validation, test, validationBy, heldOut }: Split): void {
  const voices = (clips: readonly Clip[]) => new Set(clips.map(({ speaker }) => speaker));
  const [heard, choosing, measured] = [voices(train), voices(validation), voices(test)];
  const shared = [...measured].filter((voice) => heard.has(voice) || choosing.has(voice));
  if (validationBy === "speaker") shared.push(...[...choosing].filter((voice) => heard.has(voice)));
  if (shared.length > 0) {
    throw new Error(
      `protocol ${name}, fold ${heldOut}: ${shared.join(", ")} stands in two parts, expected one`,
    );
  }
  for (const [part, clips] of Object.entries({ train, validation, test })) {
    if (clips.length === 0)
      throw new CorpusError(`protocol ${name}, fold ${heldOut}: the ${part} part is empty`);
  }
}
