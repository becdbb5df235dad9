// What the network says of examples while it is being trained. Knows logits, not scores.
import { type Example, padBatch, paddedFrames } from "./batches.ts";
import type { Team, WorkerProgram } from "./workers.ts";

/** Logits `[K]` (or embeddings `[W]`) of each example, in the order of the examples. */
export type Predictions = Float32Array[];

/** Examples at once: enough to fill the matrix products. */
const BATCH = 64;

/** Runs `program` (`features`, `mask` -> `output` `[B, n]`) over all examples, shared out among the workers. */
export async function predict(
  team: Team,
  program: WorkerProgram,
  examples: readonly Example[],
  width: number,
  output: "logits" | "embedding" = "logits",
): Promise<Predictions> {
  // By length, so that little is padded; the answers go back to where their examples stand.
  const order = examples.map((_, i) => i).sort((a, b) => examples[a].frames - examples[b].frames);
  const answers: Predictions = Array(examples.length);
  let next = 0;
  const work = async (worker: number) => {
    while (next < order.length) {
      const places = order.slice(next, next + BATCH);
      next += BATCH;
      const batch = places.map((i) => examples[i]);
      const { [output]: found } = await team.run(
        worker,
        program,
        padBatch(batch, paddedFrames(batch), width),
      );
      const numbers = found!.shape[1]!;
      places.forEach((place, row) => {
        answers[place] = (found!.data as Float32Array).slice(row * numbers, (row + 1) * numbers);
      });
    }
  };
  await Promise.all(Array.from({ length: team.size }, (_, worker) => work(worker)));
  return answers;
}
