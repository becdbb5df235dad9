// The door of `bench`: what is measured, and on what machine.
export type { AnalyzeRow } from "./analyze-time.ts";
export { type ConditionsRow, conditionsBench } from "./conditions.ts";
export { type HourRow, hourBench, type MemoryRow, memoryBench } from "./hour.ts";
export { type Machine, machine } from "./machine.ts";
export { type MfccRow, mfccBench } from "./mfcc.ts";
export type { PeerPlace } from "./peers.ts";
export type { Timing } from "./rounds.ts";
export { type ServiceMemoryRow, type ServiceRow, serviceBench, serviceMemoryBench } from "./service.ts";
export { type FuzzRow, fuzz, fuzzBench } from "./service-fuzz.ts";
export { type KillRow, killBench } from "./service-kill.ts";
export { type SpeechRow, speechBench } from "./speech.ts";
export { type StepRow, stepBench } from "./step.ts";
export { UnseenError } from "./unseen.ts";
export { type VoicesRow, voicesBench } from "./voices.ts";
