// Makes models/speech.onnx, the detector of speech, from Silero VAD's own file. Knows no recording.
//
//     npm pack @ricky0123/vad-web@0.0.31 && tar xzf ricky0123-vad-web-0.0.31.tgz
//     node examples/make-speech.ts package/dist/silero_vad_v6.onnx [OUT.onnx]
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { speechDetectorModel } from "../src/models/index.ts";

const [silero, out] = process.argv.slice(2);
if (silero === undefined) {
  console.error("usage: node examples/make-speech.ts silero_vad_v6.onnx [OUT.onnx]");
  process.exit(2);
}
const path = out ?? fileURLToPath(new URL("../models/speech.onnx", import.meta.url));
writeFileSync(`${path}.part`, speechDetectorModel(readFileSync(silero)));
renameSync(`${path}.part`, path);
console.log(`wrote ${path}`);
