// A sound as a stream of mono blocks, and the rules every stream keeps. Knows no decoder.

import { AudioError, quoted } from "./errors.ts";

/** Mono sound at the asked rate, block by block, to be read once. */
export interface AudioStream extends AsyncIterable<Float32Array> {
  /** Hertz, as in the file. */
  readonly sourceRate: number;
  /** Channels in the file; the blocks are their mean. */
  readonly channels: number;
  /** Samples of the file that were NaN or infinite and were taken as silence: final once read to the end. */
  readonly nonFinite: number;
  /** Lets go of the file and its decoder. Reading to the end, or leaving the loop, does it too. */
  close(): Promise<void>;
}

/** What a decoder gives: mono blocks at the asked rate, and what it came across. */
export interface RawAudio {
  readonly sourceRate: number;
  readonly channels: number;
  readonly blocks: AsyncIterable<Float32Array>;
  /** Samples seen so far over all channels, and those that were not numbers. */
  tally(): { readonly total: number; readonly nonFinite: number };
  close(): Promise<void>;
}

/** What the reader asked for. */
export interface StreamLimits {
  /** The file, for messages. */
  readonly name: string;
  /** Hertz of the blocks. */
  readonly sampleRate: number;
  /** More sound than this is an error ("too-long"). Default: no limit. */
  readonly maxSeconds?: number;
  readonly signal?: AbortSignal;
}

/**
 * A decoder's sound with the rules of the house: it ends at `maxSeconds` or `signal` with an error,
 * and a sound without samples, or without one sample that is a number, is an error too.
 */
export function audioStream(raw: RawAudio, limits: StreamLimits): AudioStream {
  const { sourceRate, channels } = raw;
  return {
    sourceRate,
    channels,
    get nonFinite() {
      return raw.tally().nonFinite;
    },
    close: () => raw.close(),
    [Symbol.asyncIterator]: () => checked(raw, limits),
  };
}

async function* checked(raw: RawAudio, limits: StreamLimits): AsyncGenerator<Float32Array> {
  const { name, sampleRate, maxSeconds = Number.POSITIVE_INFINITY, signal } = limits;
  let samples = 0;
  try {
    for await (const block of raw.blocks) {
      signal?.throwIfAborted();
      samples += block.length;
      if (samples > maxSeconds * sampleRate) throw tooLong(name, maxSeconds);
      yield block;
    }
  } finally {
    await raw.close();
  }
  const { total, nonFinite } = raw.tally();
  if (total === 0) throw emptyAudio(name);
  if (nonFinite === total) {
    throw new AudioError(
      "unreadable-audio",
      `${quoted(name)} holds ${total} samples and not one of them is a number (all NaN or infinite). Export it again from the recording it was made from.`,
    );
  }
}

/** Reads a stream to its end: mono, `[samples]`. */
export async function readAll(stream: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const blocks: Float32Array[] = [];
  let length = 0;
  for await (const block of stream) {
    blocks.push(block);
    length += block.length;
  }
  if (blocks.length === 1) return blocks[0];
  const out = new Float32Array(length);
  let at = 0;
  for (const block of blocks) {
    out.set(block, at);
    at += block.length;
  }
  return out;
}

/** A container that opens but has nothing to hear. */
function emptyAudio(name: string): AudioError {
  return new AudioError(
    "empty-audio",
    `${quoted(name)} has a sound track without a single sample in it. Record or export it again.`,
  );
}

function tooLong(name: string, maxSeconds: number): AudioError {
  return new AudioError(
    "too-long",
    `${quoted(name)} is longer than the ${maxSeconds} s that are allowed here. Cut it, or raise the limit.`,
  );
}
