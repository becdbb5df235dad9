// Hears a recording: node examples/recognize.ts FILE [MODEL]. From the package, import from "undertone".
import { analyzeFile, loadRecognizer } from "../src/recognizer/index.node.ts";

const [file = "examples/sample.wav", model = "models/universal.onnx"] = process.argv.slice(2);
const recognizer = await loadRecognizer(model);
const { emotion, confidence, reason, timeline } = await analyzeFile(recognizer, file, { timeline: true });

console.log(emotion ?? `uncertain: ${reason}`, confidence);
for (const part of timeline ?? []) console.log(part.start, part.end, part.emotion ?? "uncertain");
