// What the network says of examples while it is being trained. Knows logits, not scores.
import { type Example, padBatch, paddedFrames } from "./batches.ts";
import type { Team, WorkerProgram } from "./workers.ts";

/** Logits `[K]` of each example, in the order of the examples. */
export type Predictions = Float32Array[];

/** Examples at once: enough to fill the matrix products. */
const BATCH = 64;

/** Runs `program` (`features`, `mask` -> `logits`) over all examples, shared out among the workers. */
export async function predict(
  team: Team,
  program: WorkerProgram,
  examples: readonly Example[],
  width: number,
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
      const { logits } = await team.run(worker, program, padBatch(batch, paddedFrames(batch), width));
      const classes = logits.shape[1];
      places.forEach((place, row) => {
        answers[place] = (logits.data as Float32Array).slice(row * classes, (row + 1) * classes);
      });
    }
  };
  await Promise.all(Array.from({ length: team.size }, (_, worker) => work(worker)));
  return answers;
}
