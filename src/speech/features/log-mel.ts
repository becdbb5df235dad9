// Log-mel spectrogram as graph nodes. Knows ONNX, not emotions.
import { floatTensor, ops, type Value } from "../../graph/index.ts";
import { hannWindow, type MelOptions, melFilters } from "./mel.ts";

export interface LogMelOptions extends MelOptions {
  windowSamples: number;
  hopSamples: number;
  /** What stands beyond the ends, where centred frames reach over them. */
  padding: "reflect" | "constant";
  /** `db`: 10 log10(power); `ln`: natural logarithm. */
  log: "db" | "ln";
  /** Power below this counts as this. */
  floor: number;
}

/** Puts `n` samples before and after audio `[B, S]`: its mirror image without the edge sample, or zeros. */
function padEnds(audio: Value, n: number, padding: LogMelOptions["padding"]): Value {
  if (padding === "constant") return ops.pad(audio, [0, n], [0, n]);
  const before = ops.slice(audio, 1, n, 0, -1);
  const after = ops.slice(audio, 1, -2, -2 - n, -1);
  return ops.concat([before, audio, after], 1);
}

/**
 * Fourier transform of windowed frames as one convolution kernel `[2 bins, 1, window]`: cosines, then sines.
 * The phase counts from the frame's centre, which the power does not see.
 */
function fourierKernel({ nFft, windowSamples }: LogMelOptions): Float64Array {
  const bins = nFft / 2 + 1;
  const window = hannWindow(windowSamples);
  const kernel = new Float64Array(2 * bins * windowSamples);
  for (let bin = 0; bin < bins; bin++) {
    for (let n = 0; n < windowSamples; n++) {
      // The angle modulo a turn, in integers, so that it is as exact at the end as at the start.
      const turn = (bin * (n + nFft - windowSamples / 2)) % nFft;
      const angle = (2 * Math.PI * turn) / nFft;
      kernel[bin * windowSamples + n] = window[n] * Math.cos(angle);
      kernel[(bins + bin) * windowSamples + n] = window[n] * Math.sin(angle);
    }
  }
  return kernel;
}

/** Power spectrogram of audio `[B, S]`: `[B, bins, T]`, T = 1 + floor(S / hop), frame t centred at sample t hop. */
export function powerSpectrum(audio: Value, options: LogMelOptions): Value {
  const bins = options.nFft / 2 + 1;
  const kernel = floatTensor(fourierKernel(options), [2 * bins, 1, options.windowSamples]);
  const padded = ops.unsqueeze(padEnds(audio, options.windowSamples / 2, options.padding), [1]);
  const spectrum = ops.conv(padded, audio.graph.constant(kernel, "fourier"), null, {
    strides: [options.hopSamples],
  });
  const [real, imaginary] = ops.split(spectrum, [bins, bins], 1);
  return ops.add(ops.mul(real, real), ops.mul(imaginary, imaginary));
}

/** Log-mel of audio `[B, S]`: `[B, nMels, T]`. Same numbers as librosa's with `center=True`, `power=2`. */
export function logMel(audio: Value, options: LogMelOptions): Value {
  const { nFft, nMels, log, floor } = options;
  const bins = nFft / 2 + 1;
  const filters = melFilters(options);
  const rows = Float64Array.from(
    { length: nMels * bins },
    (_, i) => filters[(i % bins) * nMels + Math.floor(i / bins)],
  );
  const mel = ops.matmul(
    audio.graph.constant(floatTensor(rows, [nMels, bins]), "mel"),
    powerSpectrum(audio, options),
  );
  const logarithm = ops.log(ops.max(mel, floor));
  return log === "db" ? ops.mul(logarithm, 10 / Math.LN10) : logarithm;
}
