// Runs a filter bank over a stretch of samples in the shared kernel. Knows the kernel's memory, no streams.

import type { FilterBank } from "./filter-bank.ts";
import { type FirKernel, makeFirKernel, pageBytes } from "./fir-kernel.ts";

const floatBytes = 4;
/** One for all resamplers: each call is done before the next begins, and loads what it needs. */
let kernel: FirKernel | undefined;
let loaded: FilterBank | undefined;

/** Where a run stands: the sample under the first tap of the next output, and that output's phase. */
export interface FirPosition {
  readonly start: number;
  readonly phase: number;
}

/** How many outputs the filter fits for from `at`, over `length` samples. */
export function outputsWithin({ taps, up, down }: FilterBank, at: FirPosition, length: number): number {
  const places = length - taps - at.start + 1;
  return places <= 0 ? 0 : Math.max(0, Math.ceil((places * up - at.phase) / down));
}

/** The position `count` outputs on. */
export function advanced({ up, down }: FilterBank, at: FirPosition, count: number): FirPosition {
  const total = at.phase + count * down;
  return { start: at.start + Math.floor(total / up), phase: total % up };
}

/**
 * Computes `out.length` outputs from `at` over the samples `[...before, ...samples]`. The kernel has no
 * bounds but its memory's: the caller asks for no more than `outputsWithin` allows.
 */
export function runFir(
  bank: FilterBank,
  before: Float32Array,
  samples: Float32Array,
  at: FirPosition,
  out: Float32Array,
): void {
  kernel ??= makeFirKernel();
  const { taps, up, down, step, grid, rows } = bank;
  const xAt = rows.length;
  const outAt = xAt + before.length + samples.length;
  grow(kernel, (outAt + out.length) * floatBytes);
  const memory = new Float32Array(kernel.memory.buffer);
  if (loaded !== bank) memory.set(rows);
  loaded = bank;
  memory.set(before, xAt);
  memory.set(samples, xAt + before.length);
  const rest = down - step * up;
  const [x, y] = [(xAt + at.start) * floatBytes, outAt * floatBytes];
  if (grid === up) {
    const [rowBytes, stepBytes] = [taps * floatBytes, step * floatBytes];
    if (out.length > 0) kernel.convolve(x, 0, y, out.length, at.phase, rowBytes, up, stepBytes, rest);
    out.set(memory.subarray(outAt, outAt + out.length));
    return;
  }
  let { start, phase } = at;
  for (let i = 0; i < out.length; i++) {
    const place = (phase * grid) / up;
    const row = Math.floor(place);
    const one = (r: number) => {
      kernel?.convolve(
        (xAt + start) * floatBytes,
        r * taps * floatBytes,
        y,
        1,
        0,
        taps * floatBytes,
        1,
        0,
        0,
      );
      return memory[outAt];
    };
    const low = one(row);
    out[i] = low + (one(row + 1) - low) * (place - row);
    ({ start, phase } = advanced(bank, { start, phase }, 1));
  }
}

/** Makes room for `bytes`; what is there stays. */
function grow({ memory }: FirKernel, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing > 0) memory.grow(missing);
}
