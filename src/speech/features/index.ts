// The door of `speech/features`: mel, log-mel, MFCC, normalisation, as graph nodes. Knows ONNX, not emotions.
export { type FourierOptions, type Spectrum, spectrum } from "./fourier.ts";
export { type LogMelOptions, logMel } from "./log-mel.ts";
export {
  dctMatrix,
  hannWindow,
  hertzToMel,
  type MelNorm,
  type MelOptions,
  type MelScale,
  melFilters,
  melToHertz,
} from "./mel.ts";
export { delta, type MfccOptions, mfcc } from "./mfcc.ts";
export { normalize, relativeLevel, type Statistics, utteranceStatistics } from "./normalize.ts";
