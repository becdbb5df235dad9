// The door of `models`: architectures by name, and how they become files.
export { evidenceModel } from "./evidence.ts";
export { exportModel, featureModel, type Trained } from "./export.ts";
export {
  type Architecture,
  describeFrontEnd,
  extract,
  type FrontEnd,
  featureWidth,
  type Heard,
  Network,
  normalized,
  type TaughtFrames,
} from "./network.ts";
export { speechDetectorModel } from "./speech-detector.ts";
export { tessCnn } from "./tess-cnn.ts";
export { tessLstm } from "./tess-lstm.ts";
export { universal } from "./universal.ts";
