// The table of operators: every one that a graph of ours may hold.
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { hops } from "./hops.ts";
import { linalg } from "./linalg.ts";
import { movement } from "./movement.ts";
import { recurrent } from "./recurrent.ts";
import { reductions } from "./reduction.ts";

export const OPS = {
  ...elementwise,
  ...reductions,
  ...linalg,
  ...movement,
  ...convolution,
  ...recurrent,
  ...hops,
};
export type OpName = keyof typeof OPS;
