// Makes models/speech.onnx, the detector of speech, from Silero VAD's own file. `npm ci` runs it. Knows no recording.
//
//     node examples/make-speech.ts [silero_vad_v6.onnx [OUT.onnx]]
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { speechDetectorModel } from "../src/models/index.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PACKAGED = "../node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx";

const [silero = at(PACKAGED), out] = process.argv.slice(2);
const path = out ?? at("../models/speech.onnx");
writeFileSync(`${path}.part`, speechDetectorModel(readFileSync(silero)));
renameSync(`${path}.part`, path);
console.log(`wrote ${path}`);
