// `undertone demo`: hears the sample that the project made itself, and says what to do next. Knows no audio.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { analyzeFile, modelId } from "../recognizer/index.node.ts";
import { forPeople } from "./answers.ts";
import { loadModel, modelPath } from "./models.ts";
import { out, print } from "./output.ts";

// From here it is two folders up, in a checkout and built.
const SAMPLE = fileURLToPath(new URL("../../examples/sample.wav", import.meta.url));

export function register(program: Command): void {
  program
    .command("demo")
    .description("Hear a short sample that the project made itself, and read what an answer looks like.")
    .action(demo);
}

async function demo(): Promise<void> {
  const recognizer = await loadModel();
  const analysis = await analyzeFile(recognizer, SAMPLE, { timeline: true });
  const [model, file] = [modelPath(), SAMPLE].map((path) => relative(process.cwd(), path) || path);
  print(`${out.bold(modelId(recognizer.card))} hears ${file}:`);
  print();
  for (const line of forPeople.lines({ ...analysis, file: file! })) print(line);
  print();
  print(
    "The sample is no person's voice: a program made it from pulses and filters (examples/make-sample.ts), so",
  );
  print("the answer means little. It shows that all is in place: decoding, features, network, timeline.");
  print();
  print(out.bold("Next"));
  print(
    "  ./undertone analyze YOUR-FILE.mp3 --timeline    hear a recording of your own, of any usual format",
  );
  print(`  ./undertone card ${model}    what the model is, and what it scores on voices it never heard`);
  print(
    "  ./undertone help train                          train one yourself, and measure it: help evaluate",
  );
  await recognizer.dispose();
}
