// Remakes speech.json beside it: what Silero's own graph says of examples/sample.wav, chunk by chunk. Never run by the tests.
//
//     node test/golden/make-speech.ts node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { closeDecoders, decodeFile } from "../../src/audio/index.node.ts";
import { nodeRuntime, type Tensor } from "../../src/runtime/index.node.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const [CHUNK, CONTEXT] = [512, 64];
const silero = await nodeRuntime.load(readFileSync(process.argv[2]!));
const sound = await decodeFile(at("../../examples/sample.wav"), { sampleRate: 16_000 });
const speech: number[] = [];
let state: Tensor = { shape: [2, 1, 128], data: new Float32Array(256) };
for (let from = 0; from + CHUNK <= sound.length; from += CHUNK) {
  const data = new Float32Array(CONTEXT + CHUNK);
  const first = Math.max(0, from - CONTEXT);
  data.set(sound.subarray(first, from + CHUNK), CONTEXT - (from - first));
  const input = { shape: [1, data.length], data };
  const { output, stateN } = await silero.run({
    input,
    state,
    sr: { shape: [], data: BigInt64Array.of(16_000n) },
  });
  speech.push(Number((output!.data as Float32Array)[0]!.toPrecision(7)));
  state = stateN!;
}
writeFileSync(at("speech.json"), `${JSON.stringify({ speech })}\n`);
await closeDecoders();
