// Uncompressed files to mono blocks, streaming. Knows WAV and AIFF; no platform, no other decoder.

import { readAiff } from "./aiff.ts";
import { type ByteSource, ReadAhead } from "./byte-source.ts";
import { isRate } from "./filter-bank.ts";
import { MonoMixer } from "./mono.ts";
import { type PcmLayout, pcmSamples, sampleBytes } from "./pcm.ts";
import { Resampler } from "./resampler.ts";
import type { RawAudio } from "./stream.ts";
import { readWav } from "./wav.ts";

const blockBytes = 65_536;

/**
 * Opens an uncompressed file: WAV, RF64, BW64, AIFF, AIFC with PCM of 8 to 32 bits, float of 32 or 64,
 * A-law or mu-law.
 * @returns undefined when it is something else, or its header makes no sense
 */
export async function openPcm(
  source: ByteSource,
  options: { sampleRate: number; close?: () => Promise<void> },
): Promise<RawAudio | undefined> {
  const bytes = new ReadAhead(source);
  const layout = (await readWav(bytes)) ?? (await readAiff(bytes));
  if (!layout || layout.channels < 1 || !isRate(layout.sampleRate)) return undefined;
  const mixer = new MonoMixer();
  return {
    sourceRate: layout.sampleRate,
    channels: layout.channels,
    blocks: blocks(bytes, layout, mixer, options.sampleRate),
    tally: () => mixer,
    close: options.close ?? (async () => {}),
  };
}

async function* blocks(
  source: ByteSource,
  layout: PcmLayout,
  mixer: MonoMixer,
  sampleRate: number,
): AsyncGenerator<Float32Array> {
  const { channels, encoding, bigEndian } = layout;
  const frameBytes = channels * sampleBytes[encoding];
  const wanted = Math.max(1, Math.floor(blockBytes / frameBytes)) * frameBytes;
  const end = layout.offset + layout.length;
  const resampler = new Resampler(layout.sampleRate, sampleRate);
  for (let at = layout.offset; at < end; at += wanted) {
    const bytes = await source.read(at, Math.min(wanted, end - at));
    // A last frame that lacks some of its bytes is not sound.
    const frames = Math.floor(bytes.length / frameBytes);
    const samples = pcmSamples(bytes.subarray(0, frames * frameBytes), encoding, bigEndian);
    const block = resampler.push(mixer.mix([samples], channels, frames));
    if (block.length > 0) yield block;
    if (bytes.length < wanted) break;
  }
  const tail = resampler.flush();
  if (tail.length > 0) yield tail;
}
