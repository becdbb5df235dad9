// Makes models/features.onnx: the spectrogram and the MFCC that the evidence of an analysis shows. Knows no model.
//
//     node examples/make-features.ts [OUT.onnx]
import { renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { evidenceModel } from "../src/models/index.ts";

const path = process.argv[2] ?? fileURLToPath(new URL("../models/features.onnx", import.meta.url));
writeFileSync(`${path}.part`, evidenceModel());
renameSync(`${path}.part`, path);
console.log(`wrote ${path}`);
