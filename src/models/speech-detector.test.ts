// Tests of the detector's graph: the numbers of Silero's own graph, its licence, and files that are none.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readGolden } from "../../test/support/golden.ts";
import { tinyModel } from "../../test/support/tiny-model.ts";
import { decodeFile } from "../audio/index.node.ts";
import { readModel } from "../onnx/index.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { speechDetectorModel } from "./index.ts";

const shipped = readFileSync("models/speech.onnx");
const { speech: expected } = readGolden<{ speech: number[] }>("speech");
const [CHUNK, CONTEXT] = [512, 64];

test.each([71, 20, 1])(
  "the first %i chunks: what Silero's own graph says, chunk by chunk",
  async (chunks) => {
    const program = await nodeRuntime.load(shipped);
    const sound = await decodeFile("examples/sample.wav", { sampleRate: 16_000 });
    // What fills the last row is not heard, whatever it is.
    const data = new Float32Array(CONTEXT + chunks * CHUNK + CONTEXT).fill(9);
    data.fill(0, 0, CONTEXT);
    data.set(sound.subarray(0, chunks * CHUNK), CONTEXT);
    const { speech } = await program.run({ audio: { shape: [data.length], data } });
    expect(speech!.shape).toEqual([chunks]);
    (speech!.data as Float32Array).forEach((p, i) => {
      expect(p).toBeCloseTo(expected[i]!, 4);
    });
  },
);

test("the file carries what its licence asks for", () => {
  expect(readModel(shipped).metadata.license).toMatch(
    /MIT License, Copyright \(c\) 2020-present Silero Team/,
  );
});

test("a file without those weights is refused by the first that is missing", () => {
  expect(() => speechDetectorModel(tinyModel())).toThrow('no weights "stft.forward_basis_buffer" for 16 kHz');
});
