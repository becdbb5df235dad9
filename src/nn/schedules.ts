// Learning rates over the course of training: pure functions of the step.

export interface Schedule {
  /** The highest learning rate. */
  peak: number;
  /** Steps over which it rises from 0. */
  warmupSteps?: number;
  shape?: "constant" | "cosine";
  /** Where the cosine ends, as a share of the peak. */
  floor?: number;
}

/**
 * The learning rate of `step` (from 0) of `totalSteps`: a linear warm-up, then constant or half a cosine
 * (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).
 */
export function learningRate(
  { peak, warmupSteps = 0, shape = "constant", floor = 0 }: Schedule,
  step: number,
  totalSteps: number,
): number {
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  if (shape === "constant") return peak;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
