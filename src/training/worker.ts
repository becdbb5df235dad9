// One worker thread: keeps its programs, runs them over shared parameters. Knows no speech and no loop.
import { parentPort, workerData } from "node:worker_threads";
import { nodeRuntime, type Program, type Tensor } from "../runtime/index.node.ts";
import { Random } from "./random.ts";

/** What a worker shares with the loop. */
export interface SharedMemory {
  parameters: Float32Array;
  buffers: Float32Array;
  /** This worker's own share of the gradient, and its own view of the new buffers. */
  gradients: Float32Array;
  newBuffers: Float32Array;
  seed: number;
}

export type Request =
  | {
      kind: "load";
      /** Programs to let go first. */
      drop: readonly string[];
      key: string;
      accelerate?: boolean;
      model: Uint8Array;
      noise: readonly { name: string; shape: readonly number[] }[];
    }
  | {
      kind: "run";
      key: string;
      inputs: Record<string, Tensor>;
      noiseStream: string;
      into: Record<string, Tensor>;
    };

export type Reply = { outputs?: Record<string, Tensor>; error?: string };

interface Loaded {
  program: Program;
  noise: readonly { name: string; shape: readonly number[] }[];
}

const shared = workerData as SharedMemory;
const programs = new Map<string, Loaded>();

function flat(data: Float32Array): Tensor {
  return { shape: [data.length], data };
}

/** The same seed and stream give the same numbers, whatever ran before: a resumed run draws what it would have. */
function draw(noise: Loaded["noise"], stream: string): Record<string, Tensor> {
  const random = new Random(shared.seed, stream);
  const drawn: Record<string, Tensor> = {};
  for (const { name, shape } of noise) {
    const data = new Float32Array(shape.reduce((n, dim) => n * dim, 1));
    for (let i = 0; i < data.length; i++) data[i] = random.next();
    drawn[name] = { shape, data };
  }
  return drawn;
}

async function answer(request: Request): Promise<Reply> {
  if (request.kind === "load") {
    for (const key of request.drop) {
      await programs.get(key)?.program.dispose();
      programs.delete(key);
    }
    const { key, model, noise, accelerate } = request;
    programs.set(key, { program: await nodeRuntime.load(model, { accelerate }), noise });
    return {};
  }
  const loaded = programs.get(request.key);
  if (!loaded) throw new Error(`the program ${request.key} was not loaded`);
  const { program, noise } = loaded;
  const inputs: Record<string, Tensor> = {
    parameters: flat(shared.parameters),
    buffers: flat(shared.buffers),
    ...request.inputs,
    ...draw(noise, request.noiseStream),
  };
  const into: Record<string, Tensor> = {
    gradients: flat(shared.gradients),
    new_buffers: flat(shared.newBuffers),
    ...request.into,
  };
  const outputs = await program.run(inputs, into);
  return { outputs: Object.fromEntries(Object.entries(outputs).filter(([name]) => !into[name])) };
}

parentPort?.on("message", async (request: Request) => {
  let reply: Reply;
  try {
    reply = await answer(request);
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
