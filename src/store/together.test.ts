// Tests of work that is done together.
import { expect, test } from "vitest";
import { together } from "./together.ts";

test("what comes while a list is done is done next, in one list, and everyone gets the own result", async () => {
  const lists: number[][] = [];
  const double = together<number, number>(async (items) => {
    lists.push(items);
    await new Promise((go) => setTimeout(go, 5));
    return items.map((item) => 2 * item);
  });
  const first = double(1);
  await Promise.resolve();
  const rest = [double(2), double(3), double(4)];
  expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8]);
  expect(lists).toEqual([[1], [2, 3, 4]]);
  expect(await double(5)).toBe(10);
});

test("a list that fails fails for all in it, and the next is done", async () => {
  const work = together<string, string>(async (items) => {
    if (items.includes("bad")) throw new Error("no");
    return items;
  });
  const [a, b] = [work("good"), work("bad")];
  expect(await a).toBe("good");
  await expect(b).rejects.toThrow("no");
  expect(await work("again")).toBe("again");
});
