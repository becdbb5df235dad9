// ONNX Runtime in Node, on the CPU or, for what is worth it, on a CUDA card. One of the files that may import onnxruntime.
// A run blocks its thread: work in parallel means one program per worker thread.
import * as ort from "onnxruntime-node";
import { type LoadOptions, type Program, type Runtime, RuntimeError, type Tensor } from "./runtime.ts";

// Severity 3: errors. Warnings speak of unused constants, which are ours to leave.
ort.env.logLevel = "error";

function typeOf(data: Tensor["data"]): "float32" | "int64" | "int32" | "uint8" {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int32Array ? "int32" : "uint8";
}

function toOrt(tensor: Tensor): ort.Tensor {
  return new ort.Tensor(typeOf(tensor.data), tensor.data, tensor.shape as number[]);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function infos(metadata: readonly ort.InferenceSession.ValueMetadata[]) {
  return metadata.map((value) => ({
    name: value.name,
    type: value.isTensor ? value.type : "none",
    shape: value.isTensor ? value.shape : [],
  }));
}

/** @throws RuntimeError where UNDERTONE_DEVICE names none that there is */
function deviceOf({ accelerate = false }: LoadOptions): "cpu" | "cuda" {
  const { UNDERTONE_DEVICE: device = "cpu" } = process.env;
  if (device !== "cpu" && device !== "cuda") {
    throw new RuntimeError(`UNDERTONE_DEVICE is ${JSON.stringify(device)}, expected cpu or cuda`);
  }
  return accelerate ? device : "cpu";
}

async function load(model: Uint8Array, options: LoadOptions = {}): Promise<Program> {
  const { threads = 1, optimize = true } = options;
  const device = deviceOf(options);
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(model, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      executionProviders: [device],
      graphOptimizationLevel: optimize ? "all" : "disabled",
      logSeverityLevel: 3,
      // Threads that wait actively would take the core from the worker beside this one.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
  } catch (error) {
    const hint = device === "cuda" ? '; "undertone help train" says what UNDERTONE_DEVICE=cuda needs' : "";
    throw new RuntimeError(`ONNX Runtime cannot load this model: ${reason(error)}${hint}`);
  }
  const inputs = infos(session.inputMetadata);
  const outputs = infos(session.outputMetadata);
  return {
    inputs,
    outputs,
    async run(given, into) {
      const feeds: Record<string, ort.Tensor> = {};
      for (const { name } of inputs) {
        const tensor = given[name];
        if (!tensor) throw new RuntimeError(`the model's input ${JSON.stringify(name)} was not given`);
        feeds[name] = toOrt(tensor);
      }
      const fetches: Record<string, ort.Tensor | null> = {};
      for (const { name } of outputs) fetches[name] = into?.[name] ? toOrt(into[name]) : null;
      try {
        const results = await session.run(feeds, fetches);
        return Object.fromEntries(
          Object.entries(results).map(([name, tensor]) => [
            name,
            { shape: tensor.dims, data: tensor.data as Tensor["data"] },
          ]),
        );
      } catch (error) {
        throw new RuntimeError(`ONNX Runtime stopped: ${reason(error)}`);
      }
    },
    dispose: () => session.release(),
  };
}

export const nodeRuntime: Runtime = { load };
