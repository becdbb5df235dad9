// One training step: ours, the matrix products in it alone, and the peers, in turns. Knows engines, no tables.
import { availableParallelism } from "node:os";
import { writeModel } from "../onnx/index.ts";
import { initialState, Random, Team, Trainer } from "../training/index.ts";
import { floorModel, flopsOf } from "./floor.ts";
import { BENCH_RECIPE, STEP } from "./network.ts";
import {
  configurationsOf,
  type Peer,
  PeerMissing,
  type PeerPlace,
  PeerProcess,
  STEP_PEERS,
} from "./peers.ts";
import { type Contestant, ratio, type Timing, takeTurns, timed } from "./rounds.ts";

/** One engine's step. Times are in milliseconds; ratios are taken within the rounds that were run in turns. */
export interface StepRow {
  bench: "step";
  engine: string;
  configuration: string;
  threads: number;
  timing: Timing;
  /** This engine's time by that of ours on all cores. */
  toOurs: { median: number; min: number };
  /** This engine's time by that of the products alone: ours by its own threads', all others by all cores'. */
  toFloor: { median: number; min: number };
  /** Multiplications and additions of the products, in thousand millions a second. */
  gigaflops: number;
}

export interface StepOptions {
  /** Null: ours alone. */
  peers: PeerPlace | null;
  rounds: number;
  /** What is at work, for people who wait. */
  onProgress(what: string): void;
  /** A peer that is left out, and why. */
  onMissing(why: string): void;
}

/** Steps timed in one turn of ours: the first few of a turn wait for the scheduler to spread the workers over the cores. */
const RUNS = 25;

export async function* stepBench(options: StepOptions): AsyncGenerator<StepRow> {
  const cores = availableParallelism();
  const counts = cores > 1 ? [1, cores] : [1];
  const engines = await Promise.all(counts.map((workers) => engine(workers)));
  try {
    options.onProgress("step: ours and the products alone");
    const own = await takeTurns(
      engines.flatMap(({ step, floor }) => [step, floor]),
      options.rounds,
    );
    const all = own.at(-2)!;
    const rows = counts.flatMap((threads, i) => {
      const [step, floor] = own.slice(2 * i, 2 * i + 2) as [Timing, Timing];
      const name = threads === 1 ? "1 worker" : `${threads} workers`;
      return [
        row("undertone", name, threads, step, all, floor),
        row("its products alone", name, threads, floor, all, floor),
      ];
    });
    yield* rows;
    for (const peer of options.peers ? STEP_PEERS : []) yield* peerRows(peer, engines.at(-1)!, options);
  } finally {
    for (const { close } of engines) await close();
  }
}

async function* peerRows(
  peer: Peer,
  { step, floor }: Engine,
  { peers, rounds, onProgress, onMissing }: StepOptions,
): AsyncGenerator<StepRow> {
  try {
    for (const configuration of await configurationsOf(peer, peers!)) {
      onProgress(`step: ${peer.name}, ${configuration}`);
      const args = ["--only", configuration, "--steps", String(peer.runs)];
      const program = new PeerProcess(peer, peers!, args);
      try {
        let said = { version: "", threads: 0 };
        const contestant: Contestant = {
          async block() {
            const answer = await program.turn<typeof said & { ms_per_step: number[] }>();
            said = answer;
            return answer.ms_per_step;
          },
        };
        const [theirs, ours, products] = await takeTurns([contestant, step, floor], rounds);
        yield row(`${peer.name} ${said.version}`, configuration, said.threads, theirs!, ours!, products!);
      } finally {
        program.close();
      }
    }
  } catch (error) {
    if (!(error instanceof PeerMissing)) throw error;
    onMissing(error.message);
  }
}

function row(
  engine: string,
  configuration: string,
  threads: number,
  timing: Timing,
  ours: Timing,
  floor: Timing,
): StepRow {
  const gigaflops = flopsOf(STEP) / timing.min / 1e6;
  const [toOurs, toFloor] = [ratio(timing, ours), ratio(timing, floor)];
  return { bench: "step", engine, configuration, threads, timing, toOurs, toFloor, gigaflops };
}

/** Our step and its floor on so many threads. */
interface Engine {
  step: Contestant;
  floor: Contestant;
  close(): Promise<void>;
}

async function engine(workers: number): Promise<Engine> {
  const network = BENCH_RECIPE.architecture.network(STEP.classes);
  const state = initialState(network, 1);
  const trainer = new Trainer({ recipe: BENCH_RECIPE, network, workers, seed: 1, totalSteps: 1, state });
  const batch = standardBatch();
  // As in training: the next batch is prepared while the workers are at work on this one.
  let prepared = trainer.prepare(batch);
  const step = () => {
    const learning = trainer.step(prepared);
    prepared = trainer.prepare(batch);
    return learning;
  };
  const products = floorTeam(workers);
  return {
    step: timed(step, RUNS),
    floor: timed(products.run, RUNS),
    close: async () => {
      await trainer.close();
      await products.close();
    },
  };
}

/** Standard normal features and labels drawn evenly, as the peers have them. */
function standardBatch() {
  const random = new Random(1, "batch");
  return Array.from({ length: STEP.batch }, () => {
    const features = Float32Array.from({ length: STEP.frames * STEP.features }, () => random.normal());
    const heard = { features, frames: STEP.frames };
    return { ...heard, variants: [heard], target: random.int(STEP.classes), weight: 1, corpus: "none" };
  });
}

function floorTeam(workers: number) {
  // As batches are dealt to workers: where the batch does not divide, the larger parts are what takes the time.
  const { model, size, spread } = floorModel({ ...STEP, batch: Math.ceil(STEP.batch / workers) });
  const team = new Team(workers, { parameters: size, buffers: 0 }, 1);
  const random = new Random(1, "floor");
  for (let i = 0; i < size; i++) team.parameters[i] = spread[i]! * random.normal();
  const bytes = writeModel(model);
  const program = { key: "floor", build: () => ({ model: bytes, noise: [] }) };
  return {
    run: () => Promise.all(Array.from({ length: workers }, (_, worker) => team.run(worker, program, {}))),
    close: () => team.close(),
  };
}
