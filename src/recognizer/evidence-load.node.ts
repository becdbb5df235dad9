// The features of the evidence from the file that the package ships. Knows where it lies.
import { readFile } from "node:fs/promises";
import { nodeRuntime } from "../runtime/index.node.ts";
import { createEvidence, type EvidenceMaker } from "./evidence.ts";

// From here it is two folders up, in a checkout and built.
const FEATURES = new URL("../../models/features.onnx", import.meta.url);

/** What makes evidence of recordings: for the `observer` of `analyze`. */
export async function loadEvidence(): Promise<EvidenceMaker> {
  return createEvidence(await readFile(FEATURES), nodeRuntime);
}
