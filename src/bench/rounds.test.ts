// Tests of taking turns and of the numbers that come of it.
import { expect, test } from "vitest";
import { ratio, takeTurns, timed, timing } from "./rounds.ts";

test("the median of an odd and of an even number of times, and the least", () => {
  expect(timing([5, 1, 3])).toEqual({ median: 3, min: 1, runs: 3 });
  expect(timing([8, 1, 3, 5])).toEqual({ median: 4, min: 1, runs: 4 });
});

test("contestants take turns, and the first block of each does not count", async () => {
  const order: string[] = [];
  const contestant = (name: string, times: number[]) => ({
    async block() {
      order.push(name);
      return [times.shift()!];
    },
  });
  const results = await takeTurns([contestant("a", [900, 2, 4]), contestant("b", [900, 30, 10])], 2);
  expect(order).toEqual(["a", "b", "a", "b", "a", "b"]);
  expect(results).toEqual([
    { median: 3, min: 2, runs: 2 },
    { median: 20, min: 10, runs: 2 },
  ]);
  expect(ratio(results[1]!, results[0]!)).toEqual({ median: 20 / 3, min: 5 });
});

test("a block runs as often as it says, and is timed in milliseconds", async () => {
  let runs = 0;
  const sleep = async () => {
    runs++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const times = await timed(sleep, 3).block();
  expect(runs).toBe(3);
  for (const time of times) expect(time).toBeGreaterThan(15);
});
