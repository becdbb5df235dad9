// The door of `recognizer` in Node: the portable one, and files.
export {
  type ClipAnswer,
  createRecognizer,
  type LoadModelOptions,
  ModelError,
  type ModelErrorCode,
  type ModelFile,
  parseVoice,
  type Recognizer,
  readModelFile,
  type Voice,
  VoiceError,
  type VoiceOwner,
} from "./index.ts";
export { loadRecognizer, readModelBytes } from "./load.node.ts";
