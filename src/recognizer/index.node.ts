// The door of `recognizer` in Node: the portable one, and files.
export { type AnalyzeFileOptions, analyzeFile, type FileAnalysis } from "./analyze-file.node.ts";
export { loadEvidence } from "./evidence-load.node.ts";
export * from "./index.ts";
export { loadRecognizer, readModelBytes } from "./load.node.ts";
