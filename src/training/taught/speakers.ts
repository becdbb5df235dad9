// What is usual of a speaker in the embeddings of his clips, and clips relative to that. Knows embeddings, no heads.
import { steadied } from "../../speech/index.ts";

/** A clip as the encoder hears it, and whose it is. */
export interface Embedded {
  embedding: Float32Array;
  speaker: string;
  corpus: string;
  target: number;
  /** How often it counts where a head learns; not given: once. */
  counts?: number;
}

/** Mean and spread of embeddings, `[W]`. */
export interface Statistics {
  mean: Float32Array;
  spread: Float32Array;
}

/** Fewer clips say little of what is usual of a voice. */
const LEAST_CLIPS = 4;
/** As `byVoice` does it in the model file. */
export const LEAST_SPREAD = 1e-3;

export function statisticsOf(embeddings: readonly Float32Array[]): Statistics {
  const width = embeddings[0]!.length;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (const one of embeddings) for (let d = 0; d < width; d++) mean[d]! += one[d]! / embeddings.length;
  for (const one of embeddings) {
    for (let d = 0; d < width; d++) square[d]! += (one[d]! - mean[d]!) ** 2 / embeddings.length;
  }
  return { mean: Float32Array.from(mean), spread: Float32Array.from(square, Math.sqrt) };
}

export function usualOfAll(clips: readonly Embedded[]): Statistics {
  return statisticsOf(clips.map(({ embedding }) => embedding));
}

function relative(embedding: Float32Array, { mean, spread }: Statistics): Float32Array {
  return embedding.map((value, d) => (value - mean[d]!) / (spread[d]! + LEAST_SPREAD));
}

/**
 * What is usual of each speaker over those of his clips that `usual` takes; of one with few such clips, nothing.
 * @param everybody what is usual of all, which steadies the spread of a few clips
 */
export function usualOfSpeakers(
  clips: readonly Embedded[],
  everybody: Statistics,
  usual: (clip: Embedded) => boolean = () => true,
): Map<string, Statistics> {
  const speakers = [...Map.groupBy(clips.filter(usual), ({ speaker }) => speaker)];
  return new Map(
    speakers
      .filter(([, own]) => own.length >= LEAST_CLIPS)
      .map(([speaker, own]) => {
        const { mean, spread } = statisticsOf(own.map(({ embedding }) => embedding));
        return [
          speaker,
          { mean, spread: spread.map((value, d) => steadied(value, own.length, everybody.spread[d]!)) },
        ];
      }),
  );
}

/** A clip, and what its embedding is seen relative to: put into numbers only where they are used, since all would take memory's time. */
export interface Seen {
  clip: Embedded;
  usual: Statistics;
}

/** Clips relative to what is usual of their speakers; those of whom nothing is known are left out. */
export function seenBySpeaker(
  clips: readonly Embedded[],
  everybody: Statistics,
  usual?: (clip: Embedded) => boolean,
): Seen[] {
  const known = usualOfSpeakers(clips, everybody, usual);
  return clips.flatMap((clip) => {
    const statistics = known.get(clip.speaker);
    return statistics ? [{ clip, usual: statistics }] : [];
  });
}

/**
 * Each clip twice, where enough is known of its speaker: relative to all of his, and to his neutral ones. People calibrate by either.
 * @param neutral the class that is ordinary speech; -1: there is none
 */
export function seenBothWays(clips: readonly Embedded[], everybody: Statistics, neutral: number): Seen[] {
  return [
    ...seenBySpeaker(clips, everybody),
    ...seenBySpeaker(clips, everybody, ({ target }) => target === neutral),
  ];
}

/** Embeddings put into the numbers that they are relative to what is usual. */
export function relativeTo(seen: readonly Seen[]): Embedded[] {
  return seen.map(({ clip, usual }) => ({
    ...clip,
    embedding: relative(clip.embedding, usual),
  }));
}
