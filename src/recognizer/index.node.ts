// The door of `recognizer` in Node: the portable one, and files.
export { type AnalyzeFileOptions, analyzeFile, type FileAnalysis } from "./analyze-file.node.ts";
export * from "./index.ts";
export { loadRecognizer, readModelBytes } from "./load.node.ts";
