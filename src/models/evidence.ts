// The features that people look at, as a model file of their own: sound in, spectrogram and MFCC out. Knows no network.
import { createGraph, floatTensor, ops, toModel } from "../graph/index.ts";
import { writeModel } from "../onnx/index.ts";
import { dctMatrix, hertzToMel, type LogMelOptions, logMel, melToHertz } from "../speech/features/index.ts";

const COEFFICIENTS = 20;
/** A hundred times full scale. */
const MOST = 100;
const FRONT_END: LogMelOptions = {
  sampleRate: 16_000,
  nFft: 512,
  windowSamples: 512,
  hopSamples: 256,
  nMels: 64,
  fMin: 0,
  fMax: 8_000,
  mel: "slaney",
  norm: "slaney",
  padding: "reflect",
  log: "db",
  floor: 1e-10,
};

/**
 * The bytes of `models/features.onnx`, which `examples/make-features.ts` writes: `audio` `[1, samples]` at 16,000 Hz ->
 * `log_mel` `[frames, 64]` in dB and `mfcc` `[frames, 20]`; frame t is centred at sample 256 t. What a reader must know of
 * the frames stands in its metadata, under `undertone.features`.
 */
export function evidenceModel(): Uint8Array {
  const graph = createGraph();
  const audio = graph.input("audio", [1, "samples"]);
  // A broken file may hold any number, and the square of one beyond this would be none.
  const bounded = ops.max(ops.min(audio, MOST), -MOST);
  const mel = ops.transpose(ops.squeeze(logMel(bounded, FRONT_END), [0]), [1, 0]);
  const { nMels } = FRONT_END;
  const dct = graph.constant(floatTensor(dctMatrix(nMels, COEFFICIENTS), [nMels, COEFFICIENTS]), "dct");
  const { sampleRate, hopSamples, windowSamples } = FRONT_END;
  const about = { sampleRate, hopSamples, windowSamples, hertz: centres() };
  return writeModel(
    toModel(
      graph,
      { log_mel: mel, mfcc: ops.matmul(mel, dct) },
      { "undertone.features": JSON.stringify(about) },
    ),
  );
}

/** Hertz at the tip of each mel band's triangle, to a tenth. */
function centres(): number[] {
  const { fMin, fMax, nMels, mel } = FRONT_END;
  const [low, high] = [hertzToMel(fMin, mel), hertzToMel(fMax, mel)];
  return Array.from({ length: nMels }, (_, band) => {
    const hertz = melToHertz(low + ((high - low) * (band + 1)) / (nMels + 1), mel);
    return Math.round(hertz * 10) / 10;
  });
}
