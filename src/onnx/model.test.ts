// What is written is read back, bytes that are no model are refused, and ONNX Runtime agrees.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../runtime/index.node.ts";
import {
  type Attribute,
  ELEMENT_BYTES,
  ELEMENT_TYPES,
  type ElementType,
  NotOnnxError,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  readModel,
  type TensorData,
  type ValueInfo,
  writeModel,
} from "./index.ts";
import { WireWriter } from "./wire.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const name = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
const types = fc.constantFrom(...(Object.keys(ELEMENT_TYPES) as ElementType[]));
const float32 = fc.float({ noNaN: true });
const integer = fc.maxSafeInteger();

const tensor: fc.Arbitrary<TensorData> = fc
  .record({ type: types, shape: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }) })
  .chain(({ type, shape }) => {
    const bytes = shape.reduce((size, dim) => size * dim, ELEMENT_BYTES[type]);
    return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((data) => ({ type, shape, data }));
  });

const info: fc.Arbitrary<ValueInfo> = fc.record(
  { name, type: types, shape: fc.array(fc.oneof(fc.nat(), name), { maxLength: 4 }) },
  { requiredKeys: ["name", "type"] },
);

const { graph } = fc.letrec<{ graph: OnnxGraph; node: OnnxNode; attribute: Attribute }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: "small" },
    fc.record({ int: integer }),
    fc.record({ float: float32 }),
    fc.record({ string: text }),
    fc.record({ ints: fc.array(integer, { maxLength: 4 }) }),
    fc.record({ floats: fc.array(float32, { maxLength: 4 }) }),
    fc.record({ strings: fc.array(text, { maxLength: 3 }) }),
    fc.record({ tensor }),
    fc.record({ graph: tie("graph") }),
  ),
  node: fc.record(
    {
      op: text,
      inputs: fc.array(text, { maxLength: 3 }),
      outputs: fc.array(text, { maxLength: 3 }),
      attributes: fc.dictionary(name, tie("attribute"), { maxKeys: 3, noNullPrototype: true }),
      name,
      domain: name,
    },
    { requiredKeys: ["op", "inputs", "outputs", "attributes"] },
  ),
  graph: fc.record({
    name: text,
    nodes: fc.array(tie("node"), { maxLength: 3, depthIdentifier: "graph" }),
    inputs: fc.array(info, { maxLength: 2 }),
    outputs: fc.array(info, { maxLength: 2 }),
    initializers: fc.dictionary(name, tensor, { maxKeys: 3, noNullPrototype: true }),
  }),
}));

const model: fc.Arbitrary<OnnxModel> = fc.record({
  irVersion: fc.integer({ min: 1, max: 12 }),
  producer: text,
  opsets: fc.dictionary(text, fc.integer({ min: 1, max: 30 }), {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  }),
  graph,
  metadata: fc.dictionary(name, fc.string({ unit: "binary" }), { maxKeys: 3, noNullPrototype: true }),
});

/** A model, or NotOnnxError: nothing else may come of any bytes. */
function readOrRefuse(bytes: Uint8Array): OnnxModel | "refused" {
  try {
    return readModel(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(NotOnnxError);
    expect((error as Error).message).toMatch(/^not an ONNX model: ./);
    return "refused";
  }
}

/** y = x + 1 over `[n]`, with everything that a model of ours carries. */
const addOne: OnnxModel = {
  irVersion: 9,
  producer: "test",
  opsets: { "": 20 },
  graph: {
    name: "g",
    nodes: [{ op: "Add", name: "add", inputs: ["x", "one"], outputs: ["y"] }],
    inputs: [{ name: "x", type: "float32", shape: ["n"] }],
    outputs: [{ name: "y", type: "float32", shape: ["n"] }],
    initializers: {
      one: { type: "float32", shape: [], data: new Uint8Array(Float32Array.of(1).buffer) },
    },
  },
  metadata: { "undertone.card": '{"name":"größer"}' },
};

/** A model with the graph that a test wrote by hand. */
function around(graph: WireWriter): Uint8Array {
  return new WireWriter().int(1, 9).message(7, graph).message(8, new WireWriter().int(2, 20)).finish();
}

/** The one constant of a model, that a test wrote by hand, as it is read. */
function initializer(tensor: WireWriter): TensorData {
  return readModel(around(new WireWriter().message(5, tensor.string(8, "t")))).graph.initializers.t!;
}

describe("write, then read", () => {
  test("gives the same model", () => {
    fc.assert(
      fc.property(model, (written) => {
        const read = readModel(writeModel(written));
        expect(read).toEqual(written);
      }),
      { numRuns: 300 },
    );
  });

  test("no name is special", () => {
    for (const odd of ["__proto__", "constructor", "", "\ufeffmark", "7"]) {
      const tensor: TensorData = { type: "int8", shape: [1], data: Uint8Array.of(5) };
      const own = <T>(value: T): Record<string, T> => Object.fromEntries([[odd, value]]);
      const node = { op: odd, inputs: [odd], outputs: [odd], attributes: own({ string: odd }) };
      const read = readModel(
        writeModel({
          ...addOne,
          graph: { ...addOne.graph, nodes: [node], initializers: own(tensor) },
          opsets: own(3),
          metadata: own(odd),
        }),
      );
      expect(Object.entries(read.metadata)).toEqual([[odd, odd]]);
      expect(Object.entries(read.opsets)).toEqual([[odd, 3]]);
      expect(Object.entries(read.graph.initializers)).toEqual([[odd, tensor]]);
      expect(Object.entries(read.graph.nodes[0]!.attributes!)).toEqual([[odd, { string: odd }]]);
    }
  });

  test("keeps names left out, metadata and negative numbers", () => {
    const attributes = { axis: { int: -1 }, far: { ints: [Number.MIN_SAFE_INTEGER, -9, 0] } };
    const nodes = [{ op: "A", inputs: ["", "b"], outputs: ["c"], attributes }];
    const read = readModel(writeModel({ ...addOne, graph: { ...addOne.graph, nodes } }));
    expect(read.graph.nodes).toEqual(nodes);
    expect(read.metadata).toEqual(addOne.metadata);
  });
});

describe("bytes that are no model", () => {
  test("a model cut off anywhere is refused, or is whole but for its metadata", () => {
    const bytes = writeModel(addOne);
    for (let length = 0; length < bytes.length; length++) {
      const read = readOrRefuse(bytes.subarray(0, length));
      if (read !== "refused")
        expect(read).toEqual({ ...addOne, metadata: {}, graph: readModel(bytes).graph });
    }
  });

  test("garbled bytes are refused or read, never worse", () => {
    const whole = writeModel(addOne);
    const change = fc.record({ at: fc.nat({ max: whole.length - 1 }), to: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = whole.slice();
        for (const { at, to } of changes) bytes[at] = to;
        readOrRefuse(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test("random bytes are refused or read, never worse", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readOrRefuse(bytes)),
      {
        numRuns: 1000,
      },
    );
  });

  test.each(["", "hello, I am a text file", "RIFF\u0024\u0000\u0000\u0000WAVEfmt ", "%PDF-1.7", "\u007fELF"])(
    "%j is refused",
    (content) => {
      expect(() => readModel(new TextEncoder().encode(content))).toThrow(NotOnnxError);
    },
  );

  test("graphs nested six thousand deep are refused", () => {
    let graph = new WireWriter();
    for (let depth = 0; depth < 6_000; depth++) {
      const attribute = new WireWriter().message(6, graph).int(20, 5);
      graph = new WireWriter().message(1, new WireWriter().message(5, attribute));
    }
    expect(() => readModel(around(graph))).toThrow(NotOnnxError);
  });

  test("a number of a million bytes is refused at once", () => {
    // Packed dimensions whose varint never ends.
    const tensor = new WireWriter().raw(1, new Uint8Array(1_000_000).fill(0xff));
    const started = performance.now();
    expect(() => readModel(around(new WireWriter().message(5, tensor)))).toThrow("longer than 64 bits");
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("what other writers do", () => {
  test("a comment on an attribute does not take the place of its value", () => {
    const attribute = new WireWriter().string(1, "axis").int(3, 3).string(13, "why").int(20, 2);
    const node = new WireWriter().string(4, "Op").message(5, attribute);
    const read = readModel(around(new WireWriter().message(1, node)));
    expect(read.graph.nodes[0]!.attributes).toEqual({ axis: { int: 3 } });
  });

  test("integers are packed, an empty list of them too", () => {
    const one = initializer(
      new WireWriter()
        .raw(1, Uint8Array.of(2, 1))
        .int(2, 7)
        .raw(7, Uint8Array.of(5, 0x80, 1)),
    );
    expect(one.shape).toEqual([2, 1]);
    expect([...new BigInt64Array(one.data.slice().buffer)]).toEqual([5n, 128n]);
    const none = initializer(new WireWriter().raw(1, Uint8Array.of()).int(2, 7).raw(7, Uint8Array.of()));
    expect(none.shape).toEqual([]);
    expect(none.data.length).toBe(0);
  });

  test.each([
    ["bool", [1, 0, 1]],
    ["uint8", [7, 200, 0]],
    ["float16", [0x3c00, 0, 0xc000]],
    ["int32", [1, -2, 3]],
    ["int64", [1, -2, 2 ** 40]],
  ] as const)("constants of %s in typed fields have the bytes of raw ones", (type, values) => {
    const written = new WireWriter().int(2, ELEMENT_TYPES[type]);
    for (const value of values) written.int(type === "int64" ? 7 : 5, value);
    const arrays = { bool: Uint8Array, uint8: Uint8Array, float16: Uint16Array, int32: Int32Array };
    const raw = type === "int64" ? BigInt64Array.from(values, BigInt) : arrays[type].from(values);
    expect(initializer(written).data).toEqual(new Uint8Array(raw.buffer));
  });

  test("a constant of a million numbers in a typed field is read", () => {
    const numbers = Float32Array.from({ length: 1_000_000 }, (_, i) => i);
    const { data } = initializer(new WireWriter().int(2, 1).raw(4, new Uint8Array(numbers.buffer)));
    expect(Buffer.compare(data, new Uint8Array(numbers.buffer))).toBe(0);
  });
});

test("ONNX Runtime loads and runs what is written", async () => {
  const program = await nodeRuntime.load(writeModel(addOne));
  expect(program.inputs).toEqual([{ name: "x", type: "float32", shape: ["n"] }]);
  const { y } = await program.run({ x: { shape: [2], data: Float32Array.of(1, -3) } });
  expect([...(y!.data as Float32Array)]).toEqual([2, -2]);
  await program.dispose();
});

test("ONNX Runtime loads what was read and written again", async () => {
  const program = await nodeRuntime.load(writeModel(readModel(writeModel(addOne))));
  const { y } = await program.run({ x: { shape: [1], data: Float32Array.of(41) } });
  expect(y!.data[0]).toBe(42);
  await program.dispose();
});
