// Tests of what is taken for a model of ours, and what is said of a file that is none.
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tinyCard, tinyModel } from "../../test/support/tiny-model.ts";
import { createGraph, ops, toModel } from "../graph/index.ts";
import { readModel, writeModel } from "../onnx/index.ts";
import { CARD_KEY } from "../speech/index.ts";
import { loadRecognizer, ModelError, readModelFile } from "./index.node.ts";

const failure = (run: () => unknown): ModelError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return error as ModelError;
  }
  throw new Error("expected an error, got none");
};

/** The tiny model, with its file changed. */
function changed(change: (model: ReturnType<typeof readModel>) => unknown): Uint8Array {
  const model = readModel(tinyModel());
  return writeModel(change(model) as typeof model);
}

test("a model of ours gives its card and the width of a voice", () => {
  expect(readModelFile(tinyModel(), "tiny.onnx")).toEqual({ card: tinyCard(), voiceWidth: 1 });
});

test("a model without a card goes by its file's name, and all else is unknown", () => {
  const { card } = readModelFile(tinyModel(null), "some model.onnx");
  expect(card).toMatchObject({ name: "some model", version: null, threshold: null, scores: [] });
});

test.each([
  ["nothing", new Uint8Array(0), /it is empty/],
  [
    "text",
    new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"),
    /not an ONNX model/,
  ],
  ["half a model", tinyModel().slice(0, 300), /not an ONNX model/],
])("%s is not ONNX, and says where models come from", (_, bytes, what) => {
  const error = failure(() => readModelFile(bytes, "x.onnx"));
  expect(error.code).toBe("not-onnx");
  expect(error.message).toMatch(what);
  expect(error.message).toContain('"x.onnx"');
  expect(error.message).toContain("undertone train");
});

test("ONNX of another kind: every missing input and output is named, with what there is", () => {
  const graph = createGraph();
  const image = graph.input("image", [1, 3, 224, 224]);
  const error = failure(() =>
    readModelFile(writeModel(toModel(graph, { scores: ops.relu(image) })), "net.onnx"),
  );
  expect(error.code).toBe("not-a-model");
  for (const name of ["audio", "voice", "probabilities", "attention", "embedding", "voice_features"]) {
    expect(error.message).toContain(`"${name}" is missing`);
  }
  expect(error.message).toContain('(its inputs: "image")');
  expect(error.message).toContain('an input "image" float32 [1, 3, 224, 224] that nothing here can give');
});

test.each([
  [
    "a fixed batch",
    changed((m) => ({
      ...m,
      graph: {
        ...m.graph,
        inputs: [{ name: "audio", type: "float32", shape: [1, "samples"] }, m.graph.inputs[1]],
      },
    })),
    'the input "audio" float32 [1, samples] should be "audio" float32 [batch, samples]',
  ],
  [
    "an open voice",
    changed((m) => ({
      ...m,
      graph: { ...m.graph, inputs: [m.graph.inputs[0], { name: "voice", type: "float32", shape: [2, "n"] }] },
    })),
    'the input "voice" float32 [2, n] should be "voice" float32 [2, n]',
  ],
  [
    "integers",
    changed((m) => ({
      ...m,
      graph: {
        ...m.graph,
        outputs: m.graph.outputs.map((o) => (o.name === "embedding" ? { ...o, type: "int64" } : o)),
      },
    })),
    'the output "embedding" int64 [batch, 7] should be "embedding" float32 [batch, width]',
  ],
])("%s: the port is named as it is and as it should be", (_, bytes, what) => {
  expect(failure(() => readModelFile(bytes, "x.onnx")).message).toContain(what);
});

test.each([
  [
    "too few emotions",
    tinyModel(tinyCard({ emotions: ["angry", "sad"] })),
    /names 2 emotions, but it gives 7/,
  ],
  ["another rate", tinyModel(tinyCard({ sampleRate: 8000 })), /8000 Hz/],
  ["a tiny window", tinyModel(tinyCard({ window: 0.1, hop: 0.1 })), /windows of 0.1 s/],
  [
    "what is usual of another width",
    tinyModel(tinyCard({ usual: { mean: [0, 0], spread: [1, 1], limit: 1 } })),
    /what 2 numbers usually are, but its embedding has 7/,
  ],
  ["no card at all", changed((m) => ({ ...m, metadata: { [CARD_KEY]: "{" } })), /not JSON/],
])("a card that does not fit: %s", (_, bytes, what) => {
  const error = failure(() => readModelFile(bytes, "x.onnx"));
  expect(error.code).toBe("bad-card");
  expect(error.message).toMatch(what);
});

test("a file that is not there, a folder, and a graph that cannot run are told apart", async () => {
  const dir = await mkdtemp(join(tmpdir(), "undertone-"));
  await expect(loadRecognizer(join(dir, "none.onnx"))).rejects.toMatchObject({ code: "not-found" });
  await expect(loadRecognizer(dir)).rejects.toMatchObject({ code: "unreadable" });
  const broken = join(dir, "broken.onnx");
  writeFileSync(
    broken,
    changed((m) => ({ ...m, graph: { ...m.graph, nodes: m.graph.nodes.slice(1) } })),
  );
  await expect(loadRecognizer(broken)).rejects.toMatchObject({ code: "cannot-run" });
});
