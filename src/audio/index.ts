// The door of the audio room, for any platform. What needs Node is behind `index.node.ts`.

export type { ByteSource } from "./byte-source.ts";
export { AudioError, type AudioErrorCode } from "./errors.ts";
export { openPcm } from "./pcm-file.ts";
export { QualityMeter, type QualityNumbers } from "./quality-meter.ts";
export { Resampler, resample } from "./resampler.ts";
export { type AudioStream, audioStream, type RawAudio, readAll, type StreamLimits } from "./stream.ts";
export { pcm16, WAV_HEADER_BYTES, wavHeader } from "./wav-write.ts";
