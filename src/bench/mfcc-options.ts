// The coefficients that are compared with librosa's: the numbers of `bench/peers/librosa-mfcc.py`.
import type { MfccOptions } from "../speech/features/index.ts";

export const MFCC: MfccOptions = {
  sampleRate: 16_000,
  nFft: 512,
  windowSamples: 400,
  hopSamples: 160,
  nMels: 40,
  nMfcc: 40,
  fMin: 0,
  fMax: 8_000,
  mel: "slaney",
  norm: "slaney",
  padding: "reflect",
  log: "db",
  floor: 1e-10,
};

/** Window and hop, in samples, that are compared: the speech recogniser's 25 ms and 10 ms, and those of `tess-lstm`. */
export const FRAMES = [
  { windowSamples: 400, hopSamples: 160 },
  { windowSamples: 512, hopSamples: 256 },
] as const;
