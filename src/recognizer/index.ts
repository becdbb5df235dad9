// The door of `recognizer`, for any platform: a model's bytes and a runtime in, a recogniser out.
export { type Analysis, type AnalysisQuality, type AnalysisSegment, doubtOf, modelId } from "./analysis.ts";
export type { AnalyzeOptions, Observer, Sound } from "./analyze.ts";
export type { CalibrateOptions, Calibration, CalibrationSound, CalibrationSounds } from "./calibrate.ts";
export { ModelError, type ModelErrorCode } from "./errors.ts";
export { createEvidence, type Evidence, type EvidenceMaker, type EvidenceRecord } from "./evidence.ts";
export type { LiveEstimate, LiveListener, LiveOptions } from "./live.ts";
export { type ModelFile, readModelFile } from "./model-file.ts";
export type { ClipAnswer, LoadModelOptions } from "./program.ts";
export { createRecognizer, type Recognizer, type RecognizerOptions } from "./recognizer.ts";
export { parseVoice, type Voice, VoiceError, type VoiceOwner, voiceOf } from "./voice.ts";
