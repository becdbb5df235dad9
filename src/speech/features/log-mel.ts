// Log-mel spectrogram as graph nodes. Knows ONNX, not emotions.
import { floatTensor, ops, type Value } from "../../graph/index.ts";
import { type FourierOptions, type Spectrum, spectrum } from "./fourier.ts";
import { type MelOptions, melFilters } from "./mel.ts";

export interface LogMelOptions extends MelOptions, FourierOptions {
  /** `db`: 10 log10(power); `ln`: natural logarithm. */
  log: "db" | "ln";
  /** Power below this counts as this. */
  floor: number;
}

/**
 * Mel bands `[B, nMels, T]`. A filter sees few bins: each block of the spectrum gives its share of only those bands
 * that it touches, then the shares are added.
 */
function melBands({ squares, bins, blocks }: Spectrum, options: MelOptions): Value {
  const { graph } = squares;
  const { nMels } = options;
  const filters = melFilters(options);
  const weight = (row: number, band: number) => (bins[row] < 0 ? 0 : filters[bins[row] * nMels + band]);
  const size = bins.length / blocks;
  const touched = Array.from({ length: blocks }, (_, block) =>
    Array.from({ length: nMels }, (_, band) => band).filter((band) =>
      bins.some((_, row) => Math.floor(row / size) === block && weight(row, band) > 0),
    ),
  );
  const width = Math.max(...touched.map((bands) => bands.length));
  const shares = new Float64Array(blocks * width * size);
  const sum = new Float64Array(nMels * blocks * width);
  touched.forEach((bands, block) => {
    bands.forEach((band, i) => {
      const share = block * width + i;
      for (let j = 0; j < size; j++) shares[share * size + j] = weight(block * size + j, band);
      sum[band * blocks * width + share] = 1;
    });
  });
  const parts = graph.constant(floatTensor(shares, [blocks * width, size, 1]), "mel shares");
  const total = graph.constant(floatTensor(sum, [nMels, blocks * width]), "mel sum");
  return ops.matmul(total, ops.conv(squares, parts, null, { group: blocks }));
}

/** Log-mel of audio `[B, S]`: `[B, nMels, T]`. Same numbers as librosa's with `center=True`, `power=2`. */
export function logMel(audio: Value, options: LogMelOptions): Value {
  const mel = melBands(spectrum(audio, options), options);
  const logarithm = ops.log(ops.max(mel, options.floor));
  return options.log === "db" ? ops.mul(logarithm, 10 / Math.LN10) : logarithm;
}
