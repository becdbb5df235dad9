// The door of the audio room on Node: the portable things, and files.

export * from "./index.ts";
export { closeDecoders, type DecoderName, decodeFile, type OpenOptions, openAudio } from "./open.node.ts";
